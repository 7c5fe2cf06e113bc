package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The parts that both serializers write. */
final class StagedRowsFields {

  private StagedRowsFields() {}

  @FunctionalInterface
  interface Write<T> {
    void of(T value, DataOutputView out) throws IOException;
  }

  @FunctionalInterface
  interface Read<T> {
    T from(DataInputView in) throws IOException;
  }

  static <T> void writeList(List<T> values, Write<T> write, DataOutputView out) throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      write.of(value, out);
    }
  }

  static <T> List<T> readList(Read<T> read, DataInputView in) throws IOException {
    int count = in.readInt();
    List<T> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(read.from(in));
    }
    return List.copyOf(values);
  }

  static <T> void writeOptional(Optional<T> value, Write<T> write, DataOutputView out)
      throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      write.of(value.get(), out);
    }
  }

  static <T> Optional<T> readOptional(Read<T> read, DataInputView in) throws IOException {
    return in.readBoolean() ? Optional.of(read.from(in)) : Optional.empty();
  }

  static void writeTarget(StagedTarget target, DataOutputView out) throws IOException {
    out.writeUTF(target.table().schema());
    out.writeUTF(target.table().table());
    out.writeUTF(target.format().name());
    out.writeInt(target.columns().size());
    for (Load.Column column : target.columns()) {
      out.writeUTF(column.name());
      out.writeUTF(column.type());
    }
  }

  static StagedTarget readTarget(DataInputView in) throws IOException {
    TableName table = new TableName(in.readUTF(), in.readUTF());
    CopyFormat format = CopyFormat.valueOf(in.readUTF());
    int count = in.readInt();
    List<Load.Column> columns = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      columns.add(new Load.Column(in.readUTF(), in.readUTF()));
    }
    return new StagedTarget(table, columns, format);
  }

  static void writeFile(StagedFile file, DataOutputView out) throws IOException {
    out.writeUTF(file.path());
    out.writeLong(file.rows());
    out.writeLong(file.bytes());
    out.writeInt(file.crc32c());
  }

  static StagedFile readFile(DataInputView in) throws IOException {
    return new StagedFile(in.readUTF(), in.readLong(), in.readLong(), in.readInt());
  }

  static void writeData(DataFile file, DataOutputView out) throws IOException {
    writeFile(file.rows(), out);
    writeOptional(file.places(), StagedRowsFields::writeFile, out);
  }

  static DataFile readData(DataInputView in) throws IOException {
    return new DataFile(readFile(in), readOptional(StagedRowsFields::readFile, in));
  }

  static void writeId(UUID id, DataOutputView out) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  static UUID readId(DataInputView in) throws IOException {
    return new UUID(in.readLong(), in.readLong());
  }

  static void writeRange(OffsetRange range, DataOutputView out) throws IOException {
    out.writeUTF(range.topic());
    writeOptional(range.topicId(), (id, to) -> to.writeUTF(id), out);
    out.writeInt(range.partition());
    out.writeLong(range.from());
    out.writeLong(range.to());
    out.writeLong(range.rows());
    out.writeLong(range.rejected());
  }

  static void writeSpan(OffsetSpan span, DataOutputView out) throws IOException {
    writeRange(span.range(), out);
    out.writeLong(span.gap());
  }

  static OffsetSpan readSpan(DataInputView in) throws IOException {
    return new OffsetSpan(readRange(in), in.readLong());
  }

  static OffsetRange readRange(DataInputView in) throws IOException {
    return new OffsetRange(
        in.readUTF(),
        readOptional(DataInputView::readUTF, in),
        in.readInt(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readLong());
  }
}

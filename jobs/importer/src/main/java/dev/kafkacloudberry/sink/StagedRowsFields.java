package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The parts that both serializers write, in version 1. */
final class StagedRowsFields {

  private StagedRowsFields() {}

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
}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.util.List;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Carries staged rows from the writers to the aggregator; never part of any state. */
final class StagedRowsSerializer implements SimpleVersionedSerializer<StagedRows> {

  private static final int VERSION = 3;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(StagedRows rows) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    StagedRowsFields.writeTarget(rows.target(), out);
    StagedRowsFields.writeList(rows.data(), StagedRowsFields::writeData, out);
    StagedRowsFields.writeList(rows.rejects(), StagedRowsFields::writeFile, out);
    StagedRowsFields.writeList(rows.ranges(), StagedRowsFields::writeSpan, out);
    StagedRowsFields.writeList(rows.skipped(), StagedRowsFields::writeRange, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public StagedRows deserialize(int version, byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    StagedTarget target = StagedRowsFields.readTarget(in);
    List<DataFile> data = StagedRowsFields.readList(StagedRowsFields::readData, in);
    List<StagedFile> rejects = StagedRowsFields.readList(StagedRowsFields::readFile, in);
    List<OffsetSpan> ranges = StagedRowsFields.readList(StagedRowsFields::readSpan, in);
    List<OffsetRange> skipped = StagedRowsFields.readList(StagedRowsFields::readRange, in);
    return new StagedRows(target, data, rejects, ranges, skipped);
  }
}

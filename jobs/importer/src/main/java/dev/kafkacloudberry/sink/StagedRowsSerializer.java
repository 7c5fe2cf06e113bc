package dev.kafkacloudberry.sink;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Carries staged rows from the writers to the aggregator; never part of any state. */
final class StagedRowsSerializer implements SimpleVersionedSerializer<StagedRows> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(StagedRows rows) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    StagedRowsFields.writeTarget(rows.target(), out);
    StagedRowsFields.writeFile(rows.file(), out);
    return out.getCopyOfBuffer();
  }

  @Override
  public StagedRows deserialize(int version, byte[] bytes) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    return new StagedRows(StagedRowsFields.readTarget(in), StagedRowsFields.readFile(in));
  }
}

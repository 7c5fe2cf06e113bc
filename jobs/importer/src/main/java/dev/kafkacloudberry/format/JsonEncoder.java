package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;

/** Makes a message of a row: one JSON object, without blanks. */
final class JsonEncoder implements SerializationSchema<RowData> {
  private static final long serialVersionUID = 1L;

  private final JsonWriter writer;

  JsonEncoder(JsonWriter writer) {
    this.writer = writer;
  }

  @Override
  public byte[] serialize(RowData row) {
    StringBuilder message = new StringBuilder();
    writer.write(row, message);
    return message.toString().getBytes(UTF_8);
  }
}

package dev.kafkacloudberry.sink;

import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** What a row can tell a sink beside its columns. */
public enum RowMetadata {
  TOPIC("topic", DataTypes.STRING()),
  PARTITION("partition", DataTypes.INT()),
  OFFSET("offset", DataTypes.BIGINT()),
  /** The raw message of a row that could not be decoded. */
  JUNK("junk", DataTypes.BYTES()),
  /** Why it could not. A row that has it is not loaded. */
  JUNK_ERROR("junk-error", DataTypes.STRING());

  private final String key;
  private final DataType type;

  RowMetadata(String key, DataType type) {
    this.key = key;
    this.type = type;
  }

  /** As it stands in {@code METADATA FROM}. */
  public String key() {
    return key;
  }

  public DataType type() {
    return type;
  }
}

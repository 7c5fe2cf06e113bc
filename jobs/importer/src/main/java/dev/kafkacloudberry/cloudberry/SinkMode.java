package dev.kafkacloudberry.cloudberry;

/** The values of {@link CloudberryOptions#SINK_MODE}. */
public enum SinkMode {
  APPEND("append"),
  REPAIR("repair");

  private final String value;

  SinkMode(String value) {
    this.value = value;
  }

  /** As it stands in SQL. */
  @Override
  public String toString() {
    return value;
  }
}

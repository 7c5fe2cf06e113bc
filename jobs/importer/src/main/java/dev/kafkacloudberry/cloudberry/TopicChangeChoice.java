package dev.kafkacloudberry.cloudberry;

/** The values of {@link CloudberryOptions#ON_TOPIC_CHANGE}. */
public enum TopicChangeChoice {
  FAIL("fail"),
  ACCEPT("accept");

  private final String value;

  TopicChangeChoice(String value) {
    this.value = value;
  }

  /** As it stands in SQL. */
  @Override
  public String toString() {
    return value;
  }
}

package dev.kafkacloudberry.sink;

/** What becomes of a row that the target cannot hold. */
public enum OnError {
  FAIL("fail"),
  REJECT("reject");

  private final String value;

  OnError(String value) {
    this.value = value;
  }

  /** As it stands in SQL. */
  @Override
  public String toString() {
    return value;
  }
}

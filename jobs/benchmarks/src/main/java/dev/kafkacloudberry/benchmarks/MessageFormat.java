package dev.kafkacloudberry.benchmarks;

/** How messages are written. */
public enum MessageFormat {
  CSV("postgres-csv", "csv"),
  JSON("postgres-json", "json");

  private final String own;
  private final String stock;

  MessageFormat(String own, String stock) {
    this.own = own;
    this.stock = stock;
  }

  /** The format of the {@code kafka-partitioned} table. */
  String own() {
    return own;
  }

  /** The format that comes with Flink. */
  String stock() {
    return stock;
  }
}

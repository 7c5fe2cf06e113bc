package dev.kafkacloudberry.database;

/** Where a message lies in Kafka. */
public record Place(String topic, int partition, long offset) {

  @Override
  public String toString() {
    return "topic '%s', partition %d, offset %d".formatted(topic, partition, offset);
  }
}

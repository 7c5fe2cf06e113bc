package dev.kafkacloudberry.benchmarks;

import java.util.Locale;

/**
 * What is loaded.
 *
 * @param hasPlaces whether the sink is told where each row lies in Kafka
 */
record Scenario(MessageFormat format, Shape shape, int partitions, boolean hasPlaces, long rows) {

  String topic() {
    return "%s-%s-%d".formatted(format, shape, partitions).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "%s, %s, %d partitions, %s"
        .formatted(
            format.name(),
            shape.name().toLowerCase(Locale.ROOT),
            partitions,
            hasPlaces ? "with places" : "without places");
  }
}

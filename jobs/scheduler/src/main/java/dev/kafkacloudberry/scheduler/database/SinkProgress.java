package dev.kafkacloudberry.scheduler.database;

import java.time.Instant;

/**
 * How far a sink is with a partition.
 *
 * @param sink null where nothing is committed yet
 * @param topic null where the sink is not told where its rows lie; then there is no partition
 *     either
 * @param nextOffset behind the last that is committed; null if nothing is, as is the last commit
 * @param rowsPerSecond over the last minute
 */
public record SinkProgress(
    String sink,
    String topic,
    Integer partition,
    Long nextOffset,
    long rows,
    long rejects,
    double rowsPerSecond,
    Instant lastCommit) {

  /** Topic and partition. */
  public String name() {
    return topic + "-" + partition;
  }

  /** Of a partition of which nothing is committed. */
  public static SinkProgress nothing(String topic, int partition) {
    return new SinkProgress(null, topic, partition, null, 0, 0, 0, null);
  }
}

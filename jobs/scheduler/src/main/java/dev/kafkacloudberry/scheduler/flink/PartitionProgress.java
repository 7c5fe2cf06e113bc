package dev.kafkacloudberry.scheduler.flink;

import java.util.OptionalLong;

/**
 * How far a source of a job has read a partition.
 *
 * @param source which of the job's sources, of which several may read the same topic
 * @param next the first offset that has not gone on to the query
 * @param end the offset behind the last message that can be read, unless no broker has told yet
 */
public record PartitionProgress(
    String source, String topic, int partition, long next, OptionalLong end) {

  /** Reads {@code orders-0:120/130}. */
  static PartitionProgress parse(String source, String text) {
    int colon = text.lastIndexOf(':');
    int slash = text.indexOf('/', colon);
    int dash = text.lastIndexOf('-', colon);
    String end = text.substring(slash + 1);
    return new PartitionProgress(
        source,
        text.substring(0, dash),
        Integer.parseInt(text.substring(dash + 1, colon)),
        Long.parseLong(text.substring(colon + 1, slash)),
        end.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(end)));
  }

  /** Topic and partition. */
  public String name() {
    return topic + "-" + partition;
  }

  /** One of all partitions that a job reads. */
  public Key key() {
    return new Key(source, topic, partition);
  }

  /** A partition, and who reads it. */
  public record Key(String source, String topic, int partition) {}
}

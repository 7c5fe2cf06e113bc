package dev.kafkacloudberry.database;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a load holds of a partition. Between the first and the last offset may be some that it does
 * not hold: messages that the query filtered out, and offsets without a message.
 *
 * @param topicId Kafka's id of the topic, where it is known
 * @param from the first offset
 * @param to the offset behind the last one
 * @param rows how many rows of these offsets go into the target
 * @param rejected how many rows of them go to the rejects instead
 */
public record OffsetRange(
    String topic,
    Optional<String> topicId,
    int partition,
    long from,
    long to,
    long rows,
    long rejected) {

  /** The same with so many of its rows rejected. */
  public OffsetRange withRejected(long count) {
    return new OffsetRange(topic, topicId, partition, from, to, rows - count, rejected + count);
  }

  private record Partition(String topic, int partition) {}

  /** One range for each partition, which reaches from the first to the last of all of them. */
  public static List<OffsetRange> merged(List<OffsetRange> ranges) {
    Map<Partition, OffsetRange> merged = new LinkedHashMap<>();
    for (OffsetRange range : ranges) {
      merged.merge(new Partition(range.topic, range.partition), range, OffsetRange::mergedWith);
    }
    return List.copyOf(merged.values());
  }

  /**
   * The same offsets in as few ranges as can be, ascending, none of them twice.
   *
   * @param ranges exact: each offset of theirs is meant
   */
  public static List<OffsetRange> joined(List<OffsetRange> ranges) {
    Deque<OffsetRange> joined = new ArrayDeque<>();
    ranges.stream()
        .sorted(
            Comparator.comparing(OffsetRange::topic)
                .thenComparing(OffsetRange::partition)
                .thenComparing(OffsetRange::from))
        .forEach(
            range -> {
              OffsetRange last = joined.peekLast();
              boolean reached =
                  last != null
                      && last.topic.equals(range.topic)
                      && last.partition == range.partition
                      && range.from <= last.to;
              joined.addLast(reached ? joined.removeLast().mergedWith(range) : range);
            });
    return List.copyOf(joined);
  }

  public OffsetRange withTopicId(Optional<String> id) {
    return new OffsetRange(topic, id, partition, from, to, rows, rejected);
  }

  /** A commit that did not know its topic's id may have been of any topic of this name. */
  boolean isOfSamePartition(CoveredRange other) {
    return other.topic().equals(topic)
        && other.partition() == partition
        && (other.topicId().isEmpty() || other.topicId().equals(topicId));
  }

  /** Other offsets of the same partition. */
  OffsetRange between(long first, long end) {
    return new OffsetRange(topic, topicId, partition, first, end, rows, rejected);
  }

  private OffsetRange mergedWith(OffsetRange other) {
    return new OffsetRange(
        topic,
        topicId,
        partition,
        Math.min(from, other.from),
        Math.max(to, other.to),
        rows + other.rows,
        rejected + other.rejected);
  }
}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a job has read each partition: the offset behind the last that is in a checkpoint. A
 * checkpoint's barrier stands behind all rows of the offsets before it, so whatever comes later
 * with a lower one was held back by the query.
 */
final class ReadSoFar {

  /** A partition of a topic, which is told from an earlier topic of its name. */
  record Partition(String topic, Optional<String> topicId, int partition) {
    static Partition of(OffsetRange range) {
      return new Partition(range.topic(), range.topicId(), range.partition());
    }
  }

  private final Map<Partition, Long> next = new HashMap<>();

  Map<Partition, Long> next() {
    return next;
  }

  void advance(Partition partition, long to) {
    next.merge(partition, to, Math::max);
  }

  /**
   * Takes in what another checkpoint holds.
   *
   * @throws IllegalStateException when there are rows in it that the query has held back
   */
  void advance(List<OffsetRange> ranges) {
    for (OffsetRange range : ranges) {
      Long read = next.get(Partition.of(range));
      if (read != null && range.from() < read) {
        throw new IllegalStateException(
            "A row of topic '%s', partition %d, offset %d comes after rows up to offset %d have gone into an earlier checkpoint: the query holds rows back, as a join over time or a window does. A sink that is given topic, partition and offset takes the offsets before its checkpoint for loaded, so nothing of this checkpoint was committed. Do not give it topic, partition and offset"
                .formatted(range.topic(), range.partition(), range.from(), read - 1));
      }
    }
    ranges.forEach(range -> advance(Partition.of(range), range.to()));
  }
}

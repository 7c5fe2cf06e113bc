package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.flink.PartitionProgress;
import dev.kafkacloudberry.scheduler.flink.Reading;
import java.util.HashMap;
import java.util.Map;

/**
 * Where each partition ended when a run began. Messages that come later are not waited for, or a
 * run would never end.
 */
final class Goals {

  private final Map<PartitionProgress.Key, Long> ends = new HashMap<>();
  private boolean areSet;

  /** Takes where the partitions end as the goals, if all is known and there are none yet. */
  void set(Reading reading) {
    if (!areSet && reading.isComplete()) {
      areSet = true;
      reading
          .partitions()
          .forEach(partition -> ends.put(partition.key(), partition.end().getAsLong()));
    }
  }

  /** Whether all readers that there are now are there. */
  boolean areReached(Reading reading) {
    Map<PartitionProgress.Key, Long> next = new HashMap<>();
    reading.partitions().forEach(partition -> next.put(partition.key(), partition.next()));
    return reading.isComplete()
        && areSet
        && ends.entrySet().stream()
            .allMatch(end -> next.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  /** How many messages, or rather offsets, are still to be read. */
  long left(Reading reading) {
    return reading.partitions().stream().mapToLong(this::left).sum();
  }

  private long left(PartitionProgress partition) {
    long end = ends.getOrDefault(partition.key(), partition.next());
    return Math.max(0, end - partition.next());
  }
}

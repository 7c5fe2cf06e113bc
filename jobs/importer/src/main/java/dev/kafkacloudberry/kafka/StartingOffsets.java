package dev.kafkacloudberry.kafka;

import static org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit.EARLIEST_OFFSET;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts where the table's options say, or behind that where what a query can match begins.
 *
 * @param configured where the options say
 */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record StartingOffsets(OffsetsInitializer configured, TopicSelection selection)
    implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    Map<TopicPartition, Long> starts =
        new HashMap<>(configured.getPartitionOffsets(partitions, topic));
    Set<TopicPartition> restricted =
        partitions.stream().filter(this::isRestricted).collect(Collectors.toSet());
    if (!restricted.isEmpty()) {
      firstMatches(restricted, topic).forEach((tp, first) -> starts.merge(tp, first, Math::max));
    }
    return starts;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }

  private boolean isRestricted(TopicPartition partition) {
    Selection selected = selection.of(partition.partition());
    return selected.isEmpty() || selected.offsets().hull().from() > 0 || isLater(selected);
  }

  private static boolean isLater(Selection selected) {
    return selected.since() != Selection.ANY_TIME;
  }

  /** Among the offsets that there are: one beyond them could not be sought. */
  private Map<TopicPartition, Long> firstMatches(
      Set<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    // Before the times are looked up, so that no message between falls through.
    Map<TopicPartition, Long> ends = topic.endOffsets(partitions);
    Map<TopicPartition, Long> beginnings = topic.beginningOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> times = offsetsForTimes(partitions, topic);
    Map<TopicPartition, Long> matches = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Selection selected = selection.of(partition.partition());
      long end = ends.get(partition);
      long first = selected.isEmpty() ? end : selected.offsets().hull().from();
      if (isLater(selected)) {
        OffsetAndTimestamp time = times.get(partition);
        first = Math.max(first, time == null ? end : time.offset());
      }
      // The earliest may move on until the reader is there, which then finds it itself.
      boolean isEarliest = first <= beginnings.get(partition);
      matches.put(partition, isEarliest ? EARLIEST_OFFSET : Math.min(first, end));
    }
    return matches;
  }

  private Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Set<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    Map<TopicPartition, Long> times =
        partitions.stream()
            .filter(partition -> isLater(selection.of(partition.partition())))
            .collect(
                Collectors.toMap(
                    partition -> partition,
                    partition -> selection.of(partition.partition()).since()));
    return times.isEmpty() ? Map.of() : topic.offsetsForTimes(times);
  }
}

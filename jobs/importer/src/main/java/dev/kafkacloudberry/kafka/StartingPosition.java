package dev.kafkacloudberry.kafka;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where to begin with a partition, and where to go on when what was to be read is no longer
 * in the topic.
 */
final class StartingPosition {

  private static final Logger LOG = LoggerFactory.getLogger(StartingPosition.class);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final MissingOffsets missingOffsets;
  private final Map<String, Uuid> topicIds = new HashMap<>();

  /** Those that begin with their earliest message, whichever that is when it is fetched. */
  private final Set<TopicPartition> atEarliest = new HashSet<>();

  StartingPosition(
      KafkaConsumer<byte[], byte[]> consumer, Topics topics, MissingOffsets missingOffsets) {
    this.consumer = consumer;
    this.topics = topics;
    this.missingOffsets = missingOffsets;
  }

  /**
   * The offset of the first message to read.
   *
   * @throws KafkaReadException if it is one of another topic of the same name
   */
  Position of(KafkaPartitionSplit split) {
    TopicPartition partition = split.getTopicPartition();
    Uuid topicId = topicIds.computeIfAbsent(split.getTopic(), topics::id);
    boolean isAnother = isAnother(IdentifiedSplit.topicId(split), topicId);
    if (isAnother && missingOffsets == MissingOffsets.FAIL) {
      throw KafkaReadException.ofAnotherTopic(split, topicId);
    }
    if (isAnother || split.getStartingOffset() == KafkaPartitionSplit.EARLIEST_OFFSET) {
      atEarliest.add(partition);
      return new Position(partition, topicId, first(partition));
    }
    return new Position(partition, topicId, resolved(partition, split.getStartingOffset()));
  }

  /** The offset behind the last message to read. */
  long stop(KafkaPartitionSplit split) {
    return split
        .getStoppingOffset()
        .map(stop -> resolved(split.getTopicPartition(), stop))
        .orElse(OffsetRanges.Range.UNBOUNDED);
  }

  private static boolean isAnother(Uuid before, Uuid now) {
    return !before.equals(Uuid.ZERO_UUID) && !now.equals(Uuid.ZERO_UUID) && !before.equals(now);
  }

  /** This table looks its offsets up itself; Flink's, of whose state a split may be, did not. */
  @SuppressWarnings("deprecation") // Flink no longer writes LATEST_OFFSET; it once did.
  private long resolved(TopicPartition partition, long offset) {
    if (offset == KafkaPartitionSplit.LATEST_OFFSET) {
      return end(partition);
    }
    return offset == KafkaPartitionSplit.COMMITTED_OFFSET ? committed(partition) : offset;
  }

  private long committed(TopicPartition partition) {
    return Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition))
        .map(OffsetAndMetadata::offset)
        .orElseThrow(() -> KafkaReadException.withoutCommittedOffset(partition));
  }

  private long first(TopicPartition partition) {
    return consumer.beginningOffsets(Set.of(partition)).get(partition);
  }

  private long end(TopicPartition partition) {
    return consumer.endOffsets(Set.of(partition)).get(partition);
  }

  /**
   * Makes sure that the topics are there whose partitions are read.
   *
   * @throws KafkaReadException if one is not
   */
  void requireTopics() {
    topicIds.forEach(
        (topic, id) -> {
          Optional<Uuid> now = topics.idIfKnown(topic);
          if (now.isEmpty() || missingOffsets == MissingOffsets.FAIL && isAnother(id, now.get())) {
            throw KafkaReadException.ofDeletedTopic(topic);
          }
        });
  }

  /** Messages of the partition have come: from now on none may be missing behind them. */
  void wasRead(TopicPartition partition) {
    atEarliest.remove(partition);
  }

  /**
   * Where to go on when offsets are not in the topic: with the first message that is there, or at
   * the end of a topic that ends before.
   *
   * @throws KafkaReadException if that would be a gap, and none is accepted
   */
  Map<TopicPartition, Long> afterGap(OffsetOutOfRangeException missing) {
    Map<TopicPartition, Long> wanted = missing.offsetOutOfRangePartitions();
    if (missingOffsets == MissingOffsets.FAIL && !atEarliest.containsAll(wanted.keySet())) {
      throw KafkaReadException.missingOffsets(
          wanted,
          consumer.beginningOffsets(wanted.keySet()),
          consumer.endOffsets(wanted.keySet()),
          missing);
    }
    Map<TopicPartition, Long> next =
        wanted.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> next(entry.getKey(), entry.getValue())));
    if (missing instanceof LogTruncationException truncation) {
      // What follows has been written anew, at offsets that had been read.
      truncation
          .divergentOffsets()
          .forEach((partition, offset) -> next.put(partition, offset.offset()));
    }
    LOG.warn(
        "Offsets are missing in the topic. Instead of {} reading goes on at {}.", wanted, next);
    return next;
  }

  private long next(TopicPartition partition, long wanted) {
    return Math.max(first(partition), Math.min(wanted, end(partition)));
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Says why a table cannot be read.
 *
 * <p>What was caught is suppressed, not the cause: Flink's SQL client shows nothing but the
 * innermost cause, which would name neither topic nor brokers.
 */
final class KafkaReadException extends FlinkRuntimeException {

  private KafkaReadException(String message) {
    super(message);
  }

  private KafkaReadException(String message, Throwable caught) {
    super(message);
    addSuppressed(caught);
  }

  /** With the innermost reason behind the message. */
  static KafkaReadException of(String message, Throwable caught) {
    Throwable innermost = caught;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return new KafkaReadException("%s: %s".formatted(message, innermost.getMessage()), caught);
  }

  /**
   * @param first the offsets of the first messages that are there
   * @param end those behind the last
   */
  static KafkaReadException missingOffsets(
      Map<TopicPartition, Long> wanted,
      Map<TopicPartition, Long> first,
      Map<TopicPartition, Long> end,
      Throwable caught) {
    String gaps =
        wanted.entrySet().stream()
            .map(
                entry ->
                    "Offset %d of partition %d of topic '%s' is not there, only those from %d to %d."
                        .formatted(
                            entry.getValue(),
                            entry.getKey().partition(),
                            entry.getKey().topic(),
                            first.get(entry.getKey()),
                            end.get(entry.getKey()) - 1))
            .collect(Collectors.joining(" "));
    return new KafkaReadException(
        "%s To go on with the first that is there, set '%s' = '%s' in the table's options."
            .formatted(gaps, KafkaPartitionedOptions.MISSING_OFFSETS.key(), MissingOffsets.SKIP),
        caught);
  }

  /** Of a topic that has been deleted and created anew. */
  static KafkaReadException ofAnotherTopic(KafkaPartitionSplit wanted, Uuid topicId) {
    return new KafkaReadException(
        "Offset %d of partition %d is wanted of a topic '%s' that is no longer there: its id was %s, and that of the topic which has its name now is %s. To read that one from its beginning, set '%s' = '%s' in the table's options."
            .formatted(
                wanted.getStartingOffset(),
                wanted.getPartition(),
                wanted.getTopic(),
                IdentifiedSplit.topicId(wanted),
                topicId,
                KafkaPartitionedOptions.MISSING_OFFSETS.key(),
                MissingOffsets.SKIP));
  }

  static KafkaReadException ofDeletedTopic(String topic) {
    return new KafkaReadException(
        "Topic '%s' was deleted while it was read. Run the query again if there is another one of its name."
            .formatted(topic));
  }

  static KafkaReadException withoutCommittedOffset(TopicPartition partition) {
    return new KafkaReadException(
        "The consumer group has committed no offset of partition %d of topic '%s'."
            .formatted(partition.partition(), partition.topic()));
  }
}

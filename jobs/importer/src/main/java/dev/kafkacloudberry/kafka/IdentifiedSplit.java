package dev.kafkacloudberry.kafka;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** A partition as far as it has been read, of a topic that is known by more than its name. */
final class IdentifiedSplit extends KafkaPartitionSplit {

  private final Uuid topicId;

  IdentifiedSplit(
      TopicPartition partition, Uuid topicId, long startingOffset, long stoppingOffset) {
    super(partition, startingOffset, stoppingOffset);
    this.topicId = topicId;
  }

  /** The id of the split's topic, zero if it is not known: of no such split, or of old brokers. */
  static Uuid topicId(KafkaPartitionSplit split) {
    return split instanceof IdentifiedSplit identified ? identified.topicId : Uuid.ZERO_UUID;
  }

  /** How far a split has been read, while it is. */
  static final class State extends KafkaPartitionSplitState {

    private Uuid topicId;

    State(KafkaPartitionSplit split) {
      super(split);
      topicId = topicId(split);
    }

    void moveTo(Position position) {
      setCurrentOffset(position.offset());
      topicId = position.topicId();
    }

    IdentifiedSplit split() {
      return new IdentifiedSplit(
          getTopicPartition(),
          topicId,
          getCurrentOffset(),
          getStoppingOffset().orElse(NO_STOPPING_OFFSET));
    }
  }
}

package dev.kafkacloudberry.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Tells between the messages of a partition which offset is the next one. Behind the last message
 * that may be more than one further: markers of transactions and what compaction has left of others
 * have offsets, and are no messages.
 */
final class Position extends ConsumerRecord<byte[], byte[]> {

  private final Uuid topicId;

  /**
   * @param topicId of the partition's topic, zero if it is not known
   * @param offset the next to be read
   */
  Position(TopicPartition partition, Uuid topicId, long offset) {
    super(partition.topic(), partition.partition(), offset, null, null);
    this.topicId = topicId;
  }

  Uuid topicId() {
    return topicId;
  }
}

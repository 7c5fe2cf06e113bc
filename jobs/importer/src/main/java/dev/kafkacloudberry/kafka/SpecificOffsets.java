package dev.kafkacloudberry.kafka;

import static org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit.EARLIEST_OFFSET;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Offsets that somebody has listed. A partition that is not among them begins at its earliest
 * message; with Flink's own it would begin where a consumer group of that name once stopped.
 */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record SpecificOffsets(Map<TopicPartition, Long> listed) implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    return partitions.stream()
        .collect(
            Collectors.toMap(
                partition -> partition,
                partition -> listed.getOrDefault(partition, EARLIEST_OFFSET)));
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}

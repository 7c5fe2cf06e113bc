package dev.kafkacloudberry.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/** For each partition the lower one of two offsets. */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record EarlierOffsets(OffsetsInitializer one, OffsetsInitializer other)
    implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    Map<TopicPartition, Long> offsets = new HashMap<>(one.getPartitionOffsets(partitions, topic));
    other
        .getPartitionOffsets(partitions, topic)
        .forEach((partition, offset) -> offsets.merge(partition, offset, Math::min));
    return offsets;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return one.getAutoOffsetResetStrategy();
  }
}

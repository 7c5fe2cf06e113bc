package dev.kafkacloudberry.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Stops where the table's options say, or before that where what a query can match ends.
 *
 * @param configured where the options say, nowhere for partitions that it leaves out
 */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record StoppingOffsets(OffsetsInitializer configured, TopicSelection selection)
    implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    Map<TopicPartition, Long> stops =
        new HashMap<>(configured.getPartitionOffsets(partitions, topic));
    for (TopicPartition partition : partitions) {
      OffsetRanges offsets = selection.of(partition.partition()).offsets();
      if (offsets.isEmpty()) {
        stops.put(partition, 0L);
      } else if (offsets.hull().isBounded()) {
        stops.merge(partition, offsets.hull().to(), Math::min);
      }
    }
    return stops;
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return configured.getAutoOffsetResetStrategy();
  }
}

package dev.kafkacloudberry.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;

/**
 * Sends a row into the partition that one of its columns names. Where that is NULL the table's own
 * partitioner decides, and without one Kafka's producer does.
 */
final class PartitionColumn implements KafkaPartitioner<RowData> {

  private static final long serialVersionUID = 1L;

  private final int position;
  private final KafkaPartitioner<RowData> otherwise;
  private final ProducerTopics topics;
  private final Map<String, Integer> partitionCounts = new HashMap<>();

  /**
   * @param position of the column, a nullable BIGINT
   * @param tablePartitioner for the rows without a partition
   * @param topics tells which partitions there are
   */
  PartitionColumn(
      int position, Optional<KafkaPartitioner<RowData>> tablePartitioner, ProducerTopics topics) {
    this.position = position;
    this.otherwise =
        tablePartitioner.orElse((row, key, value, topic, known) -> KafkaChoosesPartition.ANY);
    this.topics = topics;
  }

  @Override
  public void open(int parallelInstanceId, int parallelInstances) {
    otherwise.open(parallelInstanceId, parallelInstances);
  }

  /**
   * The row's partition, or {@link KafkaChoosesPartition#ANY}.
   *
   * @param known the partitions that the topic had when the writer first used it
   */
  @Override
  public int partition(RowData row, byte[] key, byte[] value, String topic, int[] known) {
    if (row.isNullAt(position)) {
      return otherwise.partition(row, key, value, topic, known);
    }
    long wanted = row.getLong(position);
    if (wanted < 0 || wanted >= partitionCounts.getOrDefault(topic, known.length)) {
      requireExisting(topic, wanted);
    }
    return (int) wanted;
  }

  private void requireExisting(String topic, long wanted) {
    // Partitions may have been added since the writer first used the topic.
    int count = topics.partitionCount(topic);
    if (wanted < 0 || wanted >= count) {
      // A restart would read the same row again.
      throw new SuppressRestartsException(
          new IllegalArgumentException(
              "A row is meant for the partition %d of the topic '%s', which has %d partitions, 0 to %d. Name one of these, or NULL to let Kafka choose."
                  .formatted(wanted, topic, count, count - 1)));
    }
    partitionCounts.put(topic, count);
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets that a consumer can read at this moment. As opposed to Flink's own look-up, a
 * consumer that reads only what is committed does not end behind an open transaction, where it
 * would have to wait.
 *
 * @param properties the consumer's
 */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record TopicOffsets(Properties properties) implements OffsetsInitializer {

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever topic) {
    return list(partitions, OffsetSpec.latest());
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }

  Map<TopicPartition, Long> list(Collection<TopicPartition> partitions, OffsetSpec which) {
    try (Admin admin = Admin.create(properties)) {
      return admin
          .listOffsets(
              partitions.stream().collect(Collectors.toMap(partition -> partition, p -> which)),
              new ListOffsetsOptions(isolationLevel()))
          .all()
          .get()
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException("Interrupted while looking up offsets.", e);
    } catch (ExecutionException e) {
      throw new FlinkRuntimeException("The offsets of " + partitions + " cannot be looked up.", e);
    }
  }

  private IsolationLevel isolationLevel() {
    String level =
        properties.getProperty(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_UNCOMMITTED.toString());
    return IsolationLevel.valueOf(level.toUpperCase(Locale.ROOT));
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetIdentifierProvider;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;

/** Finds the partitions of a table's topics that a query can match. */
final class MatchingPartitions implements KafkaSubscriber, KafkaDatasetIdentifierProvider {

  private final KafkaSubscriber topics;
  private final TopicSelection selection;
  private final String address;

  private transient boolean reached;

  /**
   * @param address names the topics and the brokers, for errors
   */
  MatchingPartitions(KafkaSubscriber topics, TopicSelection selection, String address) {
    this.topics = topics;
    this.selection = selection;
    this.address = address;
  }

  /**
   * {@inheritDoc}
   *
   * <p>If none matches, one that does not is kept, and read from its end to its beginning: Flink
   * would wait for a first partition for ever.
   */
  @Override
  public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
    Set<TopicPartition> partitions = partitions(admin);
    reached = true;
    Set<TopicPartition> matching =
        partitions.stream()
            .filter(partition -> !selection.of(partition.partition()).isEmpty())
            .collect(Collectors.toSet());
    return matching.isEmpty()
        ? partitions.stream()
            .min(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparingInt(TopicPartition::partition))
            .map(Set::of)
            .orElseGet(Set::of)
        : matching;
  }

  @Override
  public Optional<DefaultKafkaDatasetIdentifier> getDatasetIdentifier() {
    return topics instanceof KafkaDatasetIdentifierProvider provider
        ? provider.getDatasetIdentifier()
        : Optional.empty();
  }

  private Set<TopicPartition> partitions(AdminClient admin) {
    try {
      return topics.getSubscribedTopicPartitions(admin);
    } catch (RuntimeException e) {
      FlinkRuntimeException explained =
          new FlinkRuntimeException("Cannot find the partitions of " + address + ".", e);
      // What has never been there is a mistake in the table; what was there may come back.
      throw reached ? explained : new SuppressRestartsException(explained);
    }
  }
}

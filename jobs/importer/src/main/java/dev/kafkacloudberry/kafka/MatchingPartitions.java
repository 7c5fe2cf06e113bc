package dev.kafkacloudberry.kafka;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetIdentifierProvider;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Finds the partitions of a table's topics that a query can match. */
final class MatchingPartitions implements KafkaSubscriber, KafkaDatasetIdentifierProvider {

  private final KafkaSubscriber topics;
  private final TopicSelection selection;
  private final boolean endsByItself;
  private final String address;

  private transient boolean found;

  /** How many there are; none before they have been looked for. */
  private transient volatile Integer count;

  private transient Map<String, Uuid> topicIds;

  /**
   * @param endsByItself whether a query waits for no topic that matches a pattern later
   * @param address names the topics and the brokers, for errors
   */
  MatchingPartitions(
      KafkaSubscriber topics, TopicSelection selection, boolean endsByItself, String address) {
    this.topics = topics;
    this.selection = selection;
    this.endsByItself = endsByItself;
    this.address = address;
  }

  /**
   * Fails if the settings are not even enough to try to reach a broker, for which Flink's error
   * would name neither topic nor brokers.
   */
  void check(Properties properties) {
    try {
      Admin.create(properties).close(Duration.ZERO);
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /**
   * Tells by a metric like {@code PLAN 4} how many partitions the readers are to have among them,
   * or -1 before that is known. The readers tell {@link ReadingProgress} of theirs.
   */
  void report(String plan, MetricGroup metrics) {
    metrics.gauge("partitionsToRead", () -> plan + " " + (count == null ? -1 : count));
  }

  /** From now on a failure is an outage, which may pass, and not a mistake in the table. */
  void wereFoundBefore() {
    found = true;
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
    wereFoundBefore();
    Set<TopicPartition> matching =
        partitions.stream()
            .filter(partition -> !selection.of(partition.partition()).isEmpty())
            .collect(Collectors.toSet());
    Set<TopicPartition> toRead = matching.isEmpty() ? first(partitions) : matching;
    count = toRead.size();
    return toRead;
  }

  private static Set<TopicPartition> first(Set<TopicPartition> partitions) {
    return partitions.stream()
        .min(
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition))
        .map(Set::of)
        .orElseGet(Set::of);
  }

  @Override
  public Optional<DefaultKafkaDatasetIdentifier> getDatasetIdentifier() {
    return topics instanceof KafkaDatasetIdentifierProvider provider
        ? provider.getDatasetIdentifier()
        : Optional.empty();
  }

  private Set<TopicPartition> partitions(AdminClient admin) {
    try {
      Set<TopicPartition> partitions = topics.getSubscribedTopicPartitions(admin);
      if (partitions.isEmpty() && endsByItself) {
        throw new FlinkRuntimeException("There is no such topic.");
      }
      requireSameTopics(admin, partitions);
      return partitions;
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /**
   * The restarted readers then compare the topic with the one that they have read, and tell which
   * offsets are wanted.
   */
  private void requireSameTopics(AdminClient admin, Set<TopicPartition> partitions) {
    Map<String, Uuid> before = topicIds == null ? Map.of() : topicIds;
    topicIds =
        Topics.ids(
            admin, partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
    before.forEach(
        (topic, id) -> {
          if (!topicIds.getOrDefault(topic, id).equals(id)) {
            throw new FlinkRuntimeException(
                "The topic '%s' was deleted and created anew while it was read.".formatted(topic));
          }
        });
  }

  private RuntimeException failure(RuntimeException cause) {
    String message = "Cannot find the partitions of " + address;
    return found
        ? KafkaReadException.of(message, cause)
        : new SuppressRestartsException(
            KafkaReadException.of(
                message
                    + ". Check the table's 'topic', 'properties.bootstrap.servers' and the other 'properties.*'",
                cause));
  }
}

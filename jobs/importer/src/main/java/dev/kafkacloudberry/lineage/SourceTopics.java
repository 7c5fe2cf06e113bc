package dev.kafkacloudberry.lineage;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetIdentifier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics that one source reads. It prints no settings: they hold passwords.
 *
 * @param names the topics, when the source has a list of them
 * @param patterns what their names match, when it has a pattern
 */
record SourceTopics(Properties properties, List<String> names, List<Pattern> patterns)
    implements Serializable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static SourceTopics of(KafkaDatasetFacet facet) {
    KafkaDatasetIdentifier topics = facet.getTopicIdentifier();
    Properties properties = new Properties();
    properties.putAll(facet.getProperties());
    // The name is the consumers'; a second client of that name cannot register its metrics.
    properties.remove(CommonClientConfigs.CLIENT_ID_CONFIG);
    return new SourceTopics(
        properties,
        topics.getTopics() == null ? List.of() : List.copyOf(topics.getTopics()),
        topics.getTopicPattern() == null ? List.of() : List.of(topics.getTopicPattern()));
  }

  boolean mayHold(String topic) {
    return names.contains(topic)
        || patterns.stream().anyMatch(pattern -> pattern.matcher(topic).matches());
  }

  String brokers() {
    return properties.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
  }

  /**
   * The id of a topic.
   *
   * @return empty when there is no such topic, or the brokers are too old to have ids
   * @throws IOException naming topic and brokers, when they do not say
   */
  Optional<String> id(String topic) throws IOException {
    try (ClosedAtOnce client = new ClosedAtOnce(Admin.create(properties))) {
      Uuid id =
          client
              .admin()
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
              .get(topic)
              .topicId();
      return id.equals(Uuid.ZERO_UUID) ? Optional.empty() : Optional.of(id.toString());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw notAnswered(topic, e.getCause());
    } catch (TimeoutException e) {
      throw notAnswered(topic, new TimeoutException("no answer in " + PATIENCE.toSeconds() + " s"));
    } catch (KafkaException e) {
      throw notAnswered(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notAnswered(topic, e);
    }
  }

  private IOException notAnswered(String topic, Throwable reason) {
    return new IOException(
        "Cannot ask Kafka at %s for the id of topic '%s': %s"
            .formatted(brokers(), topic, reason.getMessage()),
        reason);
  }

  @Override
  public String toString() {
    return "%s of %s".formatted(names.isEmpty() ? patterns : names, brokers());
  }

  /** Nothing is in flight that would be worth a wait. */
  private record ClosedAtOnce(Admin admin) implements AutoCloseable {
    @Override
    public void close() {
      admin.close(Duration.ZERO);
    }
  }
}

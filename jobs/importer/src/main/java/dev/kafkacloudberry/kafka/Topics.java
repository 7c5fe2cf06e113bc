package dev.kafkacloudberry.kafka;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the brokers say of their topics.
 *
 * @param properties the consumer's
 */
record Topics(Properties properties) implements Serializable {

  /**
   * The offsets behind the last messages that a consumer can read at this moment. As opposed to
   * Flink's own look-up, a consumer that reads only what is committed does not end behind an open
   * transaction, where it would have to wait.
   */
  Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    try (Admin admin = Admin.create(properties)) {
      return answer(
              admin
                  .listOffsets(
                      partitions.stream()
                          .collect(Collectors.toMap(tp -> tp, tp -> OffsetSpec.latest())),
                      new ListOffsetsOptions(isolationLevel()))
                  .all(),
              "offsets of " + partitions)
          .entrySet()
          .stream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
  }

  /** The id of a topic, which no topic before or after it has, or zero from old brokers. */
  Uuid id(String topic) {
    try (Admin admin = Admin.create(properties)) {
      return ids(admin, List.of(topic)).get(topic);
    }
  }

  /** As {@link #id}, empty if there is no such topic; zero if no broker answers. */
  Optional<Uuid> idIfKnown(String topic) {
    try {
      return Optional.of(id(topic));
    } catch (FlinkRuntimeException e) {
      return ExceptionUtils.findThrowable(e, UnknownTopicOrPartitionException.class).isPresent()
          ? Optional.empty()
          : Optional.of(Uuid.ZERO_UUID);
    }
  }

  static Map<String, Uuid> ids(Admin admin, Collection<String> topics) {
    return answer(admin.describeTopics(topics).allTopicNames(), "ids of " + topics)
        .values()
        .stream()
        .collect(Collectors.toMap(TopicDescription::name, TopicDescription::topicId));
  }

  private static <T> T answer(KafkaFuture<T> question, String what) {
    try {
      return question.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FlinkRuntimeException("Interrupted while looking up the %s.".formatted(what), e);
    } catch (ExecutionException e) {
      throw new FlinkRuntimeException("The %s cannot be looked up.".formatted(what), e);
    }
  }

  private IsolationLevel isolationLevel() {
    String level =
        properties.getProperty(
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_UNCOMMITTED.toString());
    return IsolationLevel.valueOf(level.toUpperCase(Locale.ROOT));
  }
}

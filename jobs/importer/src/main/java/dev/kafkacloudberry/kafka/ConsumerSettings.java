package dev.kafkacloudberry.kafka;

import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The settings of the consumers that read for a query.
 *
 * @param properties of the table
 */
record ConsumerSettings(Properties properties) {

  long messagesPerPoll() {
    return Long.parseLong(
        properties.getProperty(
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            Integer.toString(ConsumerConfig.DEFAULT_MAX_POLL_RECORDS)));
  }

  /**
   * @param ranges what is read
   * @param limit how many rows are enough
   */
  Properties of(TopicSelection ranges, OptionalLong limit) {
    Properties consumer = new Properties();
    consumer.putAll(properties);
    String bytes = ByteArrayDeserializer.class.getName();
    consumer.setProperty(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes);
    consumer.setProperty(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes);
    consumer.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // Whether an offset that is missing is a failure is not for the consumer to decide.
    consumer.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    if (!consumer.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
      consumer.putIfAbsent(KafkaSourceOptions.COMMIT_OFFSETS_ON_CHECKPOINT.key(), "false");
    }
    consumer.putIfAbsent(
        KafkaSourceOptions.CLIENT_ID_PREFIX.key(),
        consumer.getProperty(ConsumerConfig.GROUP_ID_CONFIG, "KafkaSource-" + UUID.randomUUID()));
    // No poll should bring more than a query can use.
    long useful = Math.min(ranges.longestRange(), limit.orElse(Long.MAX_VALUE));
    consumer.setProperty(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        Long.toString(Math.max(1, Math.min(messagesPerPoll(), useful))));
    return consumer;
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Takes the partition {@link #ANY} off a record, so that the producer chooses one as it does for
 * every record without: by its key, or where its own settings and the state of its batches say.
 *
 * <p>Flink's partitioner must return a number, and Kafka's choice is none that could be computed
 * outside of its producer.
 *
 * <p>Public, as Kafka creates it by its name.
 */
public final class KafkaChoosesPartition implements ProducerInterceptor<byte[], byte[]> {

  /** Beyond every partition that a topic can have. */
  static final int ANY = Integer.MAX_VALUE;

  /** The producer's settings with this interceptor, before those that they name already. */
  static Properties addTo(Properties settings) {
    Properties all = new Properties();
    all.putAll(settings);
    all.merge(
        ProducerConfig.INTERCEPTOR_CLASSES_CONFIG,
        KafkaChoosesPartition.class.getName(),
        (others, own) -> own + "," + others);
    return all;
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> message) {
    if (message.partition() == null || message.partition() != ANY) {
      return message;
    }
    return new ProducerRecord<>(
        message.topic(),
        null,
        message.timestamp(),
        message.key(),
        message.value(),
        message.headers());
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> settings) {}
}

package dev.kafkacloudberry.kafka;

import java.io.Serializable;
import java.util.List;
import java.util.Properties;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics that a table writes to. They are asked for with the producer's own settings: topics
 * that the brokers create by use are created by this use too.
 *
 * @param names none if the table says only what they are like
 * @param producerSettings the settings, with the brokers' addresses
 */
record ProducerTopics(List<String> names, Properties producerSettings) implements Serializable {

  ProducerTopics {
    names = List.copyOf(names);
  }

  /**
   * Asks for every topic.
   *
   * @throws SuppressRestartsException if one cannot be written to, within {@code max.block.ms}
   */
  void requireAll() {
    for (String name : names) {
      try {
        partitionCount(name);
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        throw DeliveryFailure.endOfJob(
            "The topic '%s' cannot be written to: it does not exist, or the brokers at '%s' do not answer as the table's settings expect. Check 'topic', 'properties.bootstrap.servers' and the other 'properties.*'."
                .formatted(name, brokers()),
            e);
      }
    }
  }

  /**
   * How many partitions a topic has now.
   *
   * @throws KafkaException if {@code max.block.ms} passes without an answer, or the topic does not
   *     exist
   */
  int partitionCount(String topic) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings, new ByteArraySerializer(), new ByteArraySerializer())) {
      return producer.partitionsFor(topic).size();
    }
  }

  private String brokers() {
    return producerSettings.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
  }

  /** The topics and the brokers; of the settings nothing else, as there are passwords in them. */
  @Override
  public String toString() {
    return (names.isEmpty() ? "Kafka" : String.join(", ", names)) + " at " + brokers();
  }
}

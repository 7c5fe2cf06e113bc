package dev.kafkacloudberry.kafka;

import java.io.Serializable;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topics of a cluster, asked for with a producer's own settings: topics that the brokers create
 * by use are created by this use too.
 *
 * @param producerSettings the settings, with the brokers' addresses
 */
record ProducerTopics(Properties producerSettings) implements Serializable {

  String brokers() {
    return producerSettings.getProperty(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
  }

  /**
   * How many partitions a topic has now.
   *
   * @throws org.apache.kafka.common.errors.TimeoutException if {@code max.block.ms} passes without
   *     an answer, or the topic does not exist
   */
  int partitionCount(String topic) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings, new ByteArraySerializer(), new ByteArraySerializer())) {
      return producer.partitionsFor(topic).size();
    }
  }
}

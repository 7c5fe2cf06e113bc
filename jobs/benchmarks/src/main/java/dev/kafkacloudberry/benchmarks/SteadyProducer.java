package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Produces so many messages a second, to all partitions in turn. */
record SteadyProducer(KafkaBroker kafka, String topic, int partitions, int perSecond) {

  /** Every so often, some messages. */
  private static final int STEP_MILLIS = 10;

  /**
   * @param message makes the message of a number
   * @return how many there are
   */
  long produce(long seconds, LongFunction<byte[]> message) {
    long start = System.nanoTime();
    long sent = 0;
    try (Producer<byte[], byte[]> producer =
        kafka.producer(Map.of(ProducerConfig.LINGER_MS_CONFIG, STEP_MILLIS))) {
      while (sent < seconds * perSecond) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        long due = Math.min(seconds * perSecond, millis * perSecond / 1000);
        for (; sent < due; sent++) {
          producer.send(
              new ProducerRecord<>(topic, (int) (sent % partitions), null, message.apply(sent)));
        }
        Pause.millis(STEP_MILLIS);
      }
    }
    return sent;
  }
}

package dev.kafkacloudberry.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The rows, in topics and in files. */
final class Source {

  private final Services services;

  Source(Services services) {
    this.services = services;
  }

  /** Fills the topic of a scenario, if that has not been done. */
  void produce(Scenario scenario) {
    services.kafka().createTopic(scenario.topic(), scenario.partitions());
    RowWriter rows = new RowWriter(scenario.shape(), scenario.format());
    try (Producer<byte[], byte[]> producer =
        services
            .kafka()
            .producer(
                Map.of(
                    ProducerConfig.LINGER_MS_CONFIG,
                    50,
                    ProducerConfig.BATCH_SIZE_CONFIG,
                    256 << 10))) {
      for (long row = 0; row < scenario.rows(); row++) {
        int partition = (int) (row % scenario.partitions());
        producer.send(new ProducerRecord<>(scenario.topic(), partition, null, rows.row(row)));
      }
    }
  }

  /** The same rows as a CSV file. */
  Path file(Scenario scenario) {
    Path file =
        services.flink().directory().resolve(scenario.shape() + "-" + scenario.rows() + ".csv");
    if (Files.exists(file)) {
      return file;
    }
    RowWriter rows = new RowWriter(scenario.shape(), MessageFormat.CSV);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (long row = 0; row < scenario.rows(); row++) {
        out.write(rows.row(row));
        out.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}

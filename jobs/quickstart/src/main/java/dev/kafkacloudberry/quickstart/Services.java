package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;

/** A Kafka broker, a PostgreSQL and a Flink cluster, real ones, on free ports of this machine. */
final class Services implements AutoCloseable {
  static final int TASK_MANAGERS = 2;
  static final int SLOTS = 2;
  private static final int HTTP_OK = 200;

  private final KafkaBroker kafka = KafkaBroker.start();
  private final PostgresServer postgres = PostgresServer.start();
  private final FlinkCluster flink =
      FlinkCluster.start(
          TASK_MANAGERS,
          SLOTS,
          new Configuration().set(CoreOptions.DEFAULT_PARALLELISM, TASK_MANAGERS * SLOTS));

  KafkaBroker kafka() {
    return kafka;
  }

  PostgresServer postgres() {
    return postgres;
  }

  FlinkCluster flink() {
    return flink;
  }

  /** Flink's configuration as {@code config.yaml} of a real cluster would hold it. */
  Configuration configuration() {
    Configuration configuration = flink.clientConfiguration();
    configuration.setString("kafka.bootstrap.servers", kafka.bootstrapServers());
    configuration.setString("cloudberry.url", postgres.url());
    configuration.setString("cloudberry.username", postgres.username());
    configuration.setString("cloudberry.password", postgres.password());
    return configuration;
  }

  /**
   * Asks the web interface for its page.
   *
   * @throws IllegalStateException when something else answers
   */
  void requireWebInterface() throws IOException, InterruptedException {
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(flink.restUri()).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (page.statusCode() != HTTP_OK || !page.body().contains("Apache Flink Web Dashboard")) {
      throw new IllegalStateException(
          "no web interface at %s, but HTTP %d".formatted(flink.restUri(), page.statusCode()));
    }
  }

  /** How to reach them from another terminal; the only place that shows the password. */
  String connections() {
    return """
        Flink web UI   %s
        Kafka          %s
        PostgreSQL     PGPASSWORD=%s psql -h 127.0.0.1 -p %d -U %s postgres
        """
        .formatted(
            flink.restUri(),
            kafka.bootstrapServers(),
            postgres.password(),
            postgres.port(),
            postgres.username());
  }

  @Override
  public void close() {
    flink.close();
    postgres.close();
    kafka.close();
  }
}

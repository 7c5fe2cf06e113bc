package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A broker in this JVM, a database, and a Flink cluster of processes as users configure it. */
final class Services implements AutoCloseable {

  static final Path JAR = Path.of("jobs/importer/target/kafka-cloudberry-importer.jar");

  private static final Path LIB = Path.of("jobs/flink-home/target/lib");
  private static final Path CONF = Path.of("flink-conf");

  private final KafkaBroker kafka = KafkaBroker.start();
  private final PostgresServer postgres = PostgresServer.start();
  private final FlinkSession flink;

  /**
   * @param settings of the cluster, beside those of the shipped file
   */
  Services(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    all.put("cloudberry.url", postgres.url());
    all.put("cloudberry.username", postgres.username());
    all.put("cloudberry.password", postgres.password());
    all.putAll(settings);
    flink = new FlinkSession(LIB, CONF, all);
    flink.startTaskManager();
  }

  KafkaBroker kafka() {
    return kafka;
  }

  PostgresServer postgres() {
    return postgres;
  }

  FlinkSession flink() {
    return flink;
  }

  /** Makes a table anew, and has the server write what it has put off until now. */
  void createTable(String table, Shape shape) {
    postgres.execute("DROP TABLE IF EXISTS " + table);
    postgres.execute("CREATE TABLE %s (%s)".formatted(table, shape.inPostgres()));
    postgres.execute("CHECKPOINT");
  }

  /** How many rows there are, and a sum over their contents that no order changes. */
  String fingerprint(String table) {
    return postgres
        .query(
            "SELECT count(*) || ' ' || sum(hashtextextended(t::text, 0)) FROM %s t"
                .formatted(table))
        .get(0);
  }

  @Override
  public void close() {
    flink.close();
    postgres.close();
    kafka.close();
  }
}

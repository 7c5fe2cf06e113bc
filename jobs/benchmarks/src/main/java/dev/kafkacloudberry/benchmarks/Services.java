package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A broker in this JVM, a database, and a Flink cluster of processes as users configure it. */
final class Services implements AutoCloseable {

  static final Path JAR = Path.of("jobs/importer/target/kafka-cloudberry-importer.jar");

  private static final Path LIB = Path.of("jobs/flink-home/target/lib");
  private static final Path CONF = Path.of("flink-conf");

  /** What Flink's own configuration file says. */
  private static final String FLINKS_DEFAULT = "1728m";

  private final KafkaBroker kafka = KafkaBroker.start();
  private final PostgresServer postgres = PostgresServer.start();
  private final FlinkSession flink;

  /** With the importer's jar in the {@code lib/} of the cluster. */
  Services(Map<String, String> settings) {
    this(List.of(LIB, JAR), settings);
  }

  /**
   * @param lib the jars of the cluster, and folders of them
   * @param settings of the cluster, beside those of the shipped file
   */
  private Services(List<Path> lib, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    all.put("cloudberry.url", postgres.url());
    all.put("cloudberry.username", postgres.username());
    all.put("cloudberry.password", postgres.password());
    all.put("taskmanager.memory.process.size", FLINKS_DEFAULT);
    all.putAll(settings);
    flink = new FlinkSession(lib, CONF, all);
    flink.startTaskManager();
  }

  /** Where each job brings the importer's jar along, and has a class loader of its own for it. */
  static Services withJarOfJobs(Map<String, String> settings) {
    return new Services(List.of(LIB), settings);
  }

  /**
   * Settings for a TaskManager.
   *
   * @param task the heap that jobs have, such as {@code 384m}; Flink's own is 128 MiB
   */
  static Map<String, String> heap(String task) {
    return Map.of(
        "taskmanager.memory.process.size", "1536m",
        "taskmanager.memory.task.heap.size", task,
        "taskmanager.memory.managed.size", "64m");
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

  /** Waits until so many are there. */
  void awaitRows(String table, long rows, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (Long.parseLong(postgres.query("SELECT count(*) FROM " + table).get(0)) != rows) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("%s has not %,d rows".formatted(table, rows));
      }
      Pause.millis(1_000);
    }
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

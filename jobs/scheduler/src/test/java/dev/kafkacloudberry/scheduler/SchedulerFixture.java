package dev.kafkacloudberry.scheduler;

import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A broker, a database with the role that the README makes, a Flink cluster of processes with the
 * shipped configuration, and the shipped import on them.
 */
final class SchedulerFixture implements AutoCloseable {

  static final String TOPIC = "contrib_regress_csv";

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Pattern JOB = Pattern.compile(" : (\\p{XDigit}{32}) : ");
  private static final Pattern RUNNING_TASKS = Pattern.compile("\"running\":[1-9]");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String PASSWORD = "secret of the importer";

  private final KafkaBroker kafka = KafkaBroker.start();
  private final PostgresServer postgres = PostgresServer.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger produced = new AtomicInteger();
  private final FlinkSession flink;
  private int taskManager;

  SchedulerFixture() {
    execute("CREATE ROLE importer LOGIN PASSWORD '%s'".formatted(PASSWORD));
    execute("GRANT CREATE ON DATABASE postgres TO importer");
    kafka.createTopic(TOPIC, 4);
    createTarget();
    flink =
        new FlinkSession(
            List.of(REPOSITORY.resolve("jobs/flink-home/target/lib")),
            REPOSITORY.resolve("flink-conf"),
            Map.of(
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "cloudberry.url",
                postgres.url(),
                "cloudberry.username",
                "importer",
                "cloudberry.password",
                PASSWORD,
                "restart-strategy.exponential-delay.initial-backoff",
                "200 ms",
                "jobstore.expiration-time",
                "20"));
    flink.startTaskManager();
  }

  private void createTarget() {
    try {
      execute(Files.readString(sql("database/target")));
      execute("GRANT INSERT ON dest_table_fdw TO importer");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything as it was before the first run, but that messages have other numbers. */
  void reset() {
    execute("DROP TABLE dest_table_fdw");
    execute("DROP SCHEMA IF EXISTS kafka_import CASCADE");
    kafka.deleteTopic(TOPIC);
    kafka.createTopic(TOPIC, 4);
    createTarget();
    produced.set(0);
  }

  FlinkSession flink() {
    return flink;
  }

  /** Waits for a job's tasks. */
  void awaitRunningTasks() {
    HttpRequest overview =
        HttpRequest.newBuilder(flink.restUri().resolve("/jobs/overview")).build();
    await()
        .atMost(SOON)
        .until(
            () ->
                RUNNING_TASKS
                    .matcher(http.send(overview, HttpResponse.BodyHandlers.ofString()).body())
                    .find());
  }

  /**
   * The TaskManager hangs from now on, and there is another one.
   *
   * @return its number, to kill it by
   */
  int hangTaskManager() {
    flink.pauseTaskManager(taskManager);
    flink.startTaskManager();
    return taskManager++;
  }

  PostgresServer postgres() {
    return postgres;
  }

  static Path sql(String name) {
    return REPOSITORY.resolve("sql").resolve(name + ".sql");
  }

  /** Sends messages to all partitions in turn. */
  void produce(int count) {
    int from = produced.getAndAdd(count);
    kafka.produce(
        TOPIC,
        IntStream.range(from, from + count)
            .mapToObj(n -> Message.of(n + ",text " + n + ",2024-01-31,").to(n % 4))
            .toList());
  }

  int produced() {
    return produced.get();
  }

  /** How many rows there are, and how many different ones. */
  String rows() {
    return query("SELECT count(*) || ' ' || count(DISTINCT some_int) FROM dest_table_fdw").get(0);
  }

  /** What {@link #rows()} is when each message is there once. */
  String allRows() {
    return produced.get() + " " + produced.get();
  }

  /**
   * Starts a command of the scheduler with the sample of a file of arguments, but that Flink and
   * the files are elsewhere.
   *
   * @param more arguments, which win over those of the file
   */
  SchedulerProcess start(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, "@" + argumentsFile()));
    arguments.addAll(List.of(more));
    return SchedulerProcess.start(flink.directory(), arguments.toArray(String[]::new));
  }

  /** A script whose sink is not told where its rows lie, with many checkpoints. */
  String plainImport() {
    String columns = "(some_int INT, some_text STRING, some_date DATE, some_time TIMESTAMP(6))";
    try {
      return Files.writeString(
              flink.directory().resolve("plain.sql"),
              """
              SET 'execution.checkpointing.interval' = '1s';
              CREATE TABLE plain_source %1$s WITH (
                'connector' = 'kafka-partitioned', 'topic' = '%2$s', 'format' = 'postgres-csv');
              CREATE TABLE plain_target %1$s WITH (
                'connector' = 'cloudberry', 'table-name' = 'dest_table_fdw');
              INSERT INTO plain_target SELECT * FROM plain_source;
              """
                  .formatted(columns, TOPIC))
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As somebody does who does not know the scheduler. */
  void cancelJobs() {
    JOB.matcher(flink.flink("list", "-r").output())
        .results()
        .forEach(job -> flink.flink("cancel", job.group(1)));
  }

  private Path argumentsFile() {
    try {
      Path password = Files.writeString(flink.directory().resolve("password"), PASSWORD + "\n");
      String installed = "/opt/kafka-cloudberry/";
      String text =
          Files.readString(REPOSITORY.resolve("jobs/scheduler/samples/import.args"))
              .replace("http://jobmanager:8081", flink.restUri().toString())
              .replace("/etc/kafka-cloudberry/password", password.toString())
              .replace(installed + "sql", REPOSITORY.resolve("sql").toString())
              .replace(installed, REPOSITORY.resolve("jobs/importer/target") + "/");
      return Files.writeString(Files.createTempFile(flink.directory(), "import", ".args"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SchedulerProcess.Outcome run(String command, String... more) {
    return start(command, more).await();
  }

  /** Neither the journal knows how the last job has ended, nor Flink; unless it still runs. */
  void forgetTheEndOfTheLastJob() {
    String last = "number = (SELECT max(number) FROM kafka_import.scheduler)";
    if (query("SELECT job FROM kafka_import.scheduler WHERE event = 'stopped' AND " + last)
        .isEmpty()) {
      return;
    }
    execute("DELETE FROM kafka_import.scheduler WHERE event = 'stopped' AND " + last);
    String job = query("SELECT job FROM kafka_import.scheduler WHERE " + last).get(0);
    await().atMost(SOON).until(() -> !flink.flink("list", "-a").output().contains(job));
  }

  void execute(String sql) {
    postgres.execute(sql);
  }

  /** The first column of a query's rows. */
  List<String> query(String sql) {
    return postgres.query(sql);
  }

  @Override
  public void close() {
    flink.close();
    postgres.close();
    kafka.close();
  }
}

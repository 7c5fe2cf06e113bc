package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built jar and the shipped files on a cluster of real processes, as users run them. */
@Timeout(240)
class SessionClusterITCase {

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Path LIB = REPOSITORY.resolve("jobs/flink-home/target/lib");
  private static final String JAR =
      REPOSITORY.resolve("jobs/importer/target/kafka-cloudberry-importer.jar").toString();
  private static final String TOPIC = "contrib_regress_csv";
  private static final List<String> SCRIPT = List.of("--sql", sql("jobs/import_csv").toString());
  private static final List<String> THREE_ARGUMENTS =
      List.of(
          "--source",
          "kafka_test",
          "--target",
          "dest_table_fdw",
          "--columns",
          "some_int,some_text,some_date,some_time");
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern JOB = Pattern.compile("(?:JobID |Job ID: )(\\p{XDigit}{32})");
  private static final Pattern SAVEPOINT = Pattern.compile("(file:\\S+/savepoint-[\\w-]+)");

  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static FlinkSession flink;

  private int produced;

  @BeforeAll
  static void start() {
    kafka = KafkaBroker.start();
    postgres = PostgresServer.start();
    ImporterRole role = ImporterRole.createForTablesToCome(postgres);
    flink =
        new FlinkSession(
            List.of(LIB, Path.of(JAR)),
            REPOSITORY.resolve("flink-conf"),
            Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "cloudberry.url", postgres.url(),
                "cloudberry.username", role.name(),
                "cloudberry.password", role.password(),
                "restart-strategy.exponential-delay.initial-backoff", "200 ms"));
    flink.startTaskManager();
  }

  @AfterAll
  static void stop() {
    flink.close();
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void createTargetAndTopic() throws Exception {
    postgres.execute(
        "DROP TABLE IF EXISTS dest_table_fdw; DROP SCHEMA IF EXISTS kafka_import CASCADE");
    postgres.execute(Files.readString(REPOSITORY.resolve("sql/database/target.sql")));
    kafka.createTopic(TOPIC, 4);
  }

  @AfterEach
  void endJobs() {
    new RestInterface(flink.restUri()).cancelJobs();
    kafka.deleteTopic(TOPIC);
  }

  @Test
  void flinkRunStartsAnImportThatOutlivesATaskManagerAndGoesOnFromASavepoint() throws Exception {
    produce(1_000);
    String job = found(JOB, flinkRun(SCRIPT).output());
    awaitRows(1_000);

    flink.killTaskManager(0);
    produce(500);
    flink.startTaskManager();
    awaitRows(1_500);

    FlinkSession.Outcome stopped = flink.flink("stop", job);
    assertThat(stopped.exitCode()).as(stopped.output()).isZero();
    produce(500);
    String next = found(JOB, flinkRun(SCRIPT, "-s", found(SAVEPOINT, stopped.output())).output());
    awaitRows(2_000);

    flink.killJobManager();
    produce(500);
    flink.startJobManager();
    List<String> withoutScript = new ArrayList<>(THREE_ARGUMENTS);
    withoutScript.addAll(List.of("--resume", next));
    flinkRun(withoutScript);
    awaitRows(2_500);
    assertThat(
            postgres.query(
                "SELECT count(*) || ' ' || count(DISTINCT some_int) FROM dest_table_fdw"))
        .containsExactly("2500 2500");
  }

  @Test
  void theSqlClientQueriesProducesImportsAndGoesOnFromASavepoint() throws Exception {
    produce(40);
    String queries =
        sqlClient(
            "SET 'execution.runtime-mode' = 'batch';",
            "SET 'table.dml-sync' = 'true';",
            "SET 'sql-client.execution.result-mode' = 'tableau';",
            "SELECT some_int, offs FROM kafka_test WHERE part = 1 AND offs > 7;",
            Files.readString(sql("queries/insert_into_partitions")),
            "SELECT some_text FROM kafka_test WHERE part = 3 AND offs >= 10;");
    assertThat(queries)
        .containsPattern("33 \\| +8 ")
        .containsPattern("37 \\| +9 ")
        .contains("2 rows in set")
        .contains("some text goes into partition 3");

    String started = sqlClient(Files.readString(sql("jobs/import_csv")), "SHOW JOBS;");
    assertThat(started)
        .contains("import contrib_regress_csv into dest_table_fdw")
        .contains("RUNNING");
    awaitRows(45);
    String stopped = sqlClient("STOP JOB '%s' WITH SAVEPOINT;".formatted(found(JOB, started)));
    produce(10);
    sqlClient(
        "SET 'execution.state-recovery.path' = '%s';".formatted(found(SAVEPOINT, stopped)),
        Files.readString(sql("jobs/import_csv")));
    awaitRows(55);
  }

  @Test
  void anotherBuildThanTheOneInFlinksLibIsRefused(@TempDir Path directory) throws Exception {
    Path other = Files.copy(Path.of(JAR), directory.resolve("other.jar"));
    try (FileSystem entries = FileSystems.newFileSystem(other)) {
      Files.writeString(entries.getPath("/changed"), "");
    }
    FlinkSession.Outcome outcome = flink.flink("run", other.toString(), "--sql", SCRIPT.get(1));
    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.output())
        .contains(
            "Flink would run the importer in its lib/, %s, and not the one that it was given, %s,"
                .formatted(JAR, other));
  }

  /** Runs statements behind those that declare the tables, and returns what the client says. */
  private String sqlClient(String... statements) throws IOException {
    Path init = flink.directory().resolve("init.sql");
    Path script = flink.directory().resolve("script.sql");
    Files.writeString(
        init,
        Files.readString(sql("tables/kafka_test_csv"))
            + Files.readString(sql("tables/dest_table_fdw")));
    Files.writeString(script, String.join("\n", statements));
    FlinkSession.Outcome outcome =
        flink.sqlClient("-j", JAR, "-i", init.toString(), "-f", script.toString());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).doesNotContain("[ERROR]");
    return outcome.output();
  }

  private FlinkSession.Outcome flinkRun(List<String> what, String... options) {
    List<String> arguments = new ArrayList<>(List.of("run", "-d"));
    arguments.addAll(List.of(options));
    arguments.add(JAR);
    for (String table : List.of("kafka_test_csv", "dest_table_fdw")) {
      arguments.addAll(List.of("--tables", sql("tables/" + table).toString()));
    }
    arguments.addAll(what);
    FlinkSession.Outcome outcome = flink.flink(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return outcome;
  }

  private static Path sql(String name) {
    return REPOSITORY.resolve("sql").resolve(name + ".sql");
  }

  private void produce(int count) {
    kafka.produce(
        TOPIC,
        IntStream.range(produced, produced + count)
            .mapToObj(n -> Message.of(n + ",text " + n + ",2024-01-31,").to(n % 4))
            .toList());
    produced += count;
  }

  private static void awaitRows(int count) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(postgres.query("SELECT count(*) FROM dest_table_fdw"))
                    .containsExactly(String.valueOf(count)));
  }

  private static String found(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return matcher.group(1);
  }
}

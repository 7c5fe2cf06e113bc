package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.kafkacloudberry.scheduler.SchedulerProcess.Outcome;
import dev.kafkacloudberry.scheduler.database.DatabaseSettings;
import dev.kafkacloudberry.scheduler.database.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scheduler's jar, and a cluster of real processes. */
@Timeout(240)
class SchedulerITCase {

  private static final Duration SOON = Duration.ofSeconds(60);

  private static SchedulerFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new SchedulerFixture();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @AfterEach
  void reset() {
    fixture.run("stop");
    fixture.reset();
  }

  @Test
  void importOnceImportsWhatIsThereAndTheNextGoesOnWhereItEnded() throws IOException {
    long before = savepoints();
    fixture.produce(1_000);
    Outcome first = fixture.run("import-once");
    assertThat(first.exitCode()).as(first.toString()).isZero();
    assertThat(first.out())
        .containsPattern("public.dest_table_fdw  contrib_regress_csv +3 +0 +250 +250 +0 ")
        .contains("import_csv: 1,000 rows, 0 rejected, in ");
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());

    fixture.produce(400);
    JsonObject second = json(fixture.run("import-once", "--json"));
    assertThat(second.get("rows").getAsLong()).isEqualTo(400);
    assertThat(second.get("complete").getAsBoolean()).isTrue();
    assertThat(second.getAsJsonArray("partitions").get(0).getAsJsonObject().get("from").getAsLong())
        .isEqualTo(250);

    assertThat(fixture.run("import-once", "--keep", "1").out())
        .contains("import_csv: 0 rows, 0 rejected, in ")
        .doesNotContain("public.dest_table_fdw");
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
    assertThat(savepoints() - before).isEqualTo(1);
  }

  @Test
  void aRunThatReachesItsTimeLimitKeepsWhatItHasReadAndTheNextGoesOn() {
    fixture.produce(1_000);
    Outcome limited = fixture.run("import-once", "--time-limit", "1s");
    assertThat(limited.exitCode()).as(limited.toString()).isEqualTo(3);
    assertThat(limited.out()).contains("the time limit came before the end of the topic");

    assertThat(fixture.run("import-once").exitCode()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void rowsOfAJobThatFailedToCommitThemAreThoseOfTheRunThatCommitsThem() {
    String[] once = {"--sql", fixture.plainImport(), "--set", "restart-strategy.type=none"};
    fixture.produce(100);
    fixture.execute("ALTER TABLE dest_table_fdw ADD CONSTRAINT none CHECK (some_int < 0)");
    assertThat(fixture.run("import-once", once).exitCode()).isEqualTo(1);
    fixture.execute("ALTER TABLE dest_table_fdw DROP CONSTRAINT none");

    Outcome next = fixture.run("import-once", once);

    assertThat(next.out()).as(next.toString()).contains("plain: 100 rows, 0 rejected, in ");
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void aJobThatIsCancelledBeforeItsFirstCheckpointGoesOnWhereItWasStarted() {
    String plain = fixture.plainImport();
    fixture.produce(1_000);
    assertThat(fixture.run("import-once", "--sql", plain).exitCode()).isZero();
    fixture.produce(100);
    Outcome started =
        fixture.run("start", "--sql", plain, "--set", "execution.checkpointing.interval=10min");
    assertThat(started.exitCode()).as(started.toString()).isZero();
    fixture.cancelJobs();

    Outcome next = fixture.run("import-once", "--sql", plain);
    assertThat(next.exitCode()).as(next.toString()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  @SuppressWarnings("try") // The onlooker needs no looking at.
  void whereAJobEndedIsKnownWhoeverLooksAtItsPages() {
    String plain = fixture.plainImport();
    try (Onlooker onlooker = new Onlooker(fixture.flink().restUri())) {
      for (int run = 0; run < 3; run++) {
        fixture.produce(100);
        Outcome outcome = fixture.run("import-once", "--sql", plain);
        assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
        assertThat(fixture.rows()).isEqualTo(fixture.allRows());
      }
      assertThat(fixture.run("start", "--sql", plain).exitCode()).isZero();
      Outcome restarted = fixture.run("restart", "--sql", plain);
      assertThat(restarted.exitCode()).as(restarted.toString()).isZero();
    }
  }

  @Test
  @SuppressWarnings("try") // The onlooker needs no looking at.
  void whyAJobFailedIsKnownWhoeverLooksAtItsPages() throws IOException {
    String plain = fixture.plainImport();
    try (Onlooker onlooker = new Onlooker(fixture.flink().restUri())) {
      Path missing = fixture.flink().directory().resolve("missing.sql");
      Files.writeString(
          missing,
          Files.readString(Path.of(plain)).replace(SchedulerFixture.TOPIC, "missing_topic"));
      Outcome failed = fixture.run("import-once", "--sql", missing.toString());
      assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(1);
      assertThat(failed.err()).contains("has failed: ", "topic missing_topic");
      assertThat(fixture.run("status", "--sql", missing.toString()).out())
          .contains("last error: ", "topic missing_topic");
    }
  }

  @Test
  void whereTheImportIsToBeginIsToldForOnce() {
    String plain = fixture.plainImport();
    fixture.produce(100);
    assertThat(fixture.run("import-once", "--sql", plain).exitCode()).isZero();
    fixture.produce(100);
    Outcome wrong = fixture.run("import-once", "--sql", plain, "--from", "/nonexistent");
    assertThat(wrong.exitCode()).as(wrong.toString()).isEqualTo(1);
    assertThat(wrong.err()).contains("/nonexistent");

    Outcome next = fixture.run("import-once", "--sql", plain);

    assertThat(next.exitCode()).as(next.toString()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void aTaskManagerThatHangsHidesTheReadersOfItsSuccessorNotForLong() {
    fixture.produce(1_000);
    SchedulerProcess run = fixture.start("import-once");
    fixture.awaitRunningTasks();
    int hanging = fixture.hangTaskManager();

    Outcome outcome = run.await();

    fixture.flink().killTaskManager(hanging);
    assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void twoRunsNeverOverlap() {
    fixture.produce(10);
    SchedulerProcess first = fixture.start("import-once");
    await().atMost(SOON).until(() -> first.err().contains("Starting job"));

    Outcome second = fixture.run("import-once");

    assertThat(second.exitCode()).as(second.toString()).isEqualTo(75);
    assertThat(second.err()).contains("Another command of the scheduler handles this import");
    assertThat(first.await().exitCode()).isZero();
  }

  @Test
  void anImportIsStartedWatchedRestartedAndStopped() {
    fixture.produce(1_000);
    assertThat(fixture.run("start").out()).contains("The import runs, as job ");
    assertThat(fixture.run("start").out()).contains("The import runs already, as job ");
    Outcome elsewhere = fixture.run("start", "--from", "beginning");
    assertThat(elsewhere.exitCode()).as(elsewhere.toString()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("The import runs already, so --from is of no use");
    assertThat(fixture.run("restart", "--from", "beginning").err())
        .contains("restart goes on from the savepoint that it takes, so --from is of no use");
    assertThat(fixture.run("import-once").err()).contains("The import runs all the time");
    awaitRows();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(fixture.run("status").toString())
                    .contains("import_csv: running, job ", "started by start")
                    .containsPattern(
                        "public.dest_table_fdw  contrib_regress_csv +0 +250 +250 +0 +\\d+ +0 +20"));

    JsonObject status = json(fixture.run("status", "--json"));
    assertThat(status.getAsJsonArray("partitions").get(0).getAsJsonObject().get("lag").getAsLong())
        .isZero();
    SchedulerProcess watch = fixture.start("status", "--watch");
    await().atMost(SOON).until(() -> watch.out().split("████████████████████").length > 8);
    watch.kill();

    Outcome restarted = fixture.run("restart", "--set", "parallelism.default=2");
    assertThat(restarted.out()).contains("has stopped with savepoint file:", "The import runs, ");
    fixture.produce(500);
    awaitRows();

    assertThat(fixture.run("stop").out()).contains("has stopped with savepoint file:");
    assertThat(fixture.run("stop").out())
        .contains("The import does not run. It goes on from file:");
    assertThat(fixture.run("restart").err()).contains("The import does not run. Use start");
    assertThat(fixture.run("status").out()).contains("import_csv: stopped");
  }

  @Test
  void aRestartThatWasCutShortGoesOnFromItsSavepointUnlessTheImportIsStopped() throws IOException {
    String wrong = wrongScript();
    fixture.produce(100);
    assertThat(fixture.run("start").exitCode()).isZero();
    Outcome refused = fixture.run("restart", "--name", "import_csv", "--sql", wrong);
    assertThat(refused.out()).contains("has stopped with savepoint file:");
    assertThat(refused.err()).contains("The import does not start: ");

    // The same as if it had been killed before it noted the job that it was going to start.
    assertThat(fixture.run("status").out()).contains("import_csv: stopped, to be restarted");
    Outcome restarted = fixture.run("restart");
    assertThat(restarted.err())
        .containsPattern(
            "A restart was cut short when it had stopped the import, with savepoint file:.*\\R"
                + "Starting job .* from file:");
    assertThat(restarted.out()).contains("The import runs, as job ");
    fixture.produce(100);
    awaitRows();

    fixture.run("restart", "--name", "import_csv", "--sql", wrong);
    assertThat(fixture.run("stop").out()).contains("The import does not run.");
    assertThat(fixture.run("restart").err()).contains("The import does not run. Use start");
  }

  @Test
  void theStatusHasPartitionsWithoutACommitAndWhyTheLastJobFailedUntilAnotherRuns() {
    String plain = fixture.plainImport();
    String[] noCheckpoint = {"--sql", plain, "--set", "execution.checkpointing.interval=10min"};
    fixture.produce(10);
    assertThat(fixture.run("start", noCheckpoint).exitCode()).isZero();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(fixture.run("status", "--sql", plain).out())
                    .containsPattern("- +contrib_regress_csv +0 +- +3 +0 +0 +0 +-")
                    .containsPattern("- +contrib_regress_csv +3 +- +2 +0 +0 +0 +-"));

    fixture.execute("ALTER TABLE dest_table_fdw ADD CONSTRAINT none CHECK (some_int < 0)");
    assertThat(fixture.run("stop", "--sql", plain).exitCode()).isEqualTo(1);
    JsonObject failed = json(fixture.run("status", "--sql", plain, "--json"));
    assertThat(failed.get("job").getAsString()).isEqualTo("stopped");
    assertThat(failed.get("last_error").getAsString()).contains("violates check constraint");

    fixture.execute("ALTER TABLE dest_table_fdw DROP CONSTRAINT none");
    assertThat(fixture.run("start", noCheckpoint).exitCode()).isZero();
    awaitRows();
    JsonObject mended = json(fixture.run("status", "--sql", plain, "--json"));
    assertThat(mended.get("last_error").isJsonNull()).isTrue();
    fixture.run("stop", "--sql", plain);
  }

  @Test
  void aStartThatFindsNoSlotsSaysSoAndWhatCannotBeStoppedIsCancelled() {
    fixture.produce(100);
    Outcome waits =
        fixture.run("start", "--set", "parallelism.default=64", "--time-limit", "5s", "--quiet");
    assertThat(waits.exitCode()).as(waits.toString()).isEqualTo(3);
    assertThat(waits.out()).doesNotContain("The import runs");
    assertThat(waits.err()).contains("The time limit is reached before job ", "It stays; ");

    Outcome refused = fixture.run("stop", "--time-limit", "2s");
    assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(3);
    assertThat(refused.err()).contains(" has stopped. If it cannot, 'stop --cancel' ends it");
    Outcome cancelled = fixture.run("stop", "--cancel");
    assertThat(cancelled.exitCode()).as(cancelled.toString()).isZero();
    assertThat(cancelled.err()).contains(" does not stop in time and is cancelled.");
    assertThat(cancelled.out()).contains("The import has ended. It goes on from ");

    assertThat(fixture.run("import-once").exitCode()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void sourcesThatNobodyKnowsTheEndOfAreNotWaitedFor() throws IOException {
    fixture.produce(100);
    String none =
        " SELECT CAST(n AS INT), '', DATE '2024-01-31', LOCALTIMESTAMP FROM %s WHERE n < 0";
    Path mixed = Path.of(fixture.plainImport()).resolveSibling("mixed.sql");
    Files.writeString(
        mixed,
        Files.readString(Path.of(fixture.plainImport()))
            .replace(
                "INSERT",
                """
                CREATE TABLE endless (n INT) WITH (
                  'connector' = 'datagen', 'rows-per-second' = '1', 'fields.n.min' = '0');
                CREATE TABLE short (n INT) WITH (
                  'connector' = 'datagen', 'number-of-rows' = '1', 'fields.n.min' = '0');
                INSERT""")
            .replace(
                "FROM plain_source;",
                "FROM plain_source UNION ALL"
                    + none.formatted("endless")
                    + " UNION ALL"
                    + none.formatted("short")
                    + ";"));

    Outcome outcome = fixture.run("import-once", "--sql", mixed.toString(), "--time-limit", "90s");

    assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    assertThat(outcome.err()).containsPattern("Not waited for: endless.*").doesNotContain("short");
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void aTopicPatternThatMatchesNothingIsImportedAtOnce() throws IOException {
    Path nothing = Path.of(fixture.plainImport()).resolveSibling("nothing.sql");
    Files.writeString(
        nothing,
        Files.readString(Path.of(fixture.plainImport()))
            .replaceFirst("'topic' = '[^']*'", "'topic-pattern' = 'nothing-.*'"));

    Outcome outcome =
        fixture.run("import-once", "--sql", nothing.toString(), "--time-limit", "60s");

    assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    assertThat(outcome.out()).contains("nothing: 0 rows, 0 rejected, in ");
  }

  @Test
  void aRunThatLosesItsLockLeavesTheImportToTheOneThatHasIt() throws SQLException {
    fixture.produce(1_000);
    SchedulerProcess loser = fixture.start("import-once", "--time-limit", "10s");
    await().atMost(SOON).until(() -> loser.err().contains("Starting job"));
    try (Connection other = fixture.postgres().connect();
        Statement statement = other.createStatement()) {
      String lock =
          fixture
              .query(
                  "SELECT (classid::bigint << 32 | objid::bigint)::text FROM pg_locks"
                      + " WHERE locktype = 'advisory' AND granted")
              .get(0);
      loseConnection();
      statement.execute("SELECT pg_advisory_lock(%s)".formatted(lock));
      Outcome outcome = loser.await();
      assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(75);
      assertThat(outcome.err())
          .contains(
              "The connection to the database was lost, and its lock is not free yet.",
              "The connection to the database was lost, and another command handles the import now");
    }

    SchedulerProcess next = fixture.start("import-once");
    await().atMost(SOON).until(() -> next.err().contains("Starting job"));
    loseConnection();
    Outcome outcome = next.await();
    assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    assertThat(outcome.err()).contains(" still runs: it is stopped.");
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  private static void loseConnection() {
    assertThat(
            fixture.query(
                "SELECT pg_terminate_backend(pid, 10000)::text FROM pg_stat_activity"
                    + " WHERE application_name = 'kafka-cloudberry scheduler'"))
        .containsExactly("true");
  }

  @Test
  void whatDoesNotStartSaysWhy() throws IOException {
    String wrong = wrongScript();
    Outcome outcome = fixture.run("import-once", "--sql", wrong);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("The import does not start: " + wrong + ":1:1: ", "Column 'missing' not found")
        .doesNotContain("\tat ");
  }

  @Test
  void aScriptOfSeveralJobsIsRefusedAndNoneOfThemStays() throws IOException {
    fixture.produce(10);
    Path two = fixture.flink().directory().resolve("two.sql");
    Files.writeString(
        two, "INSERT INTO dest_table_fdw (some_int) SELECT some_int FROM kafka_test;".repeat(2));
    Outcome outcome = fixture.run("import-once", "--sql", two.toString());
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
    assertThat(outcome.err()).contains("The import does not start: ");
    assertThat(fixture.flink().flink("list").output()).contains("No running jobs");
  }

  @Test
  void anImportThatHasLoadedRowsDoesNotBeginAgainUnlessItIsTold() {
    fixture.produce(100);
    assertThat(fixture.run("import-once").exitCode()).isZero();
    Outcome unknown = fixture.run("import-once", "--name", "another name");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("'public.dest_table_fdw' has loaded rows before");

    Outcome told = fixture.run("import-once", "--name", "another name", "--from", "beginning");
    assertThat(told.exitCode()).as(told.toString()).isZero();
    assertThat(fixture.rows()).isEqualTo(fixture.allRows());
  }

  @Test
  void theJobsLedgerIsTheSchedulers() {
    fixture.produce(10);
    String[] elsewhere = {"--ledger-schema", "other_ledger"};
    try {
      Outcome outcome = fixture.run("import-once", elsewhere);
      assertThat(outcome.out()).as(outcome.toString()).contains("import_csv: 10 rows, 0 rejected");
      assertThat(fixture.query("SELECT sum(rows)::text FROM other_ledger.commits"))
          .containsExactly("10");
      assertThat(fixture.query("SELECT to_regclass('kafka_import.commits')::text")).containsNull();
    } finally {
      fixture.execute("DROP SCHEMA IF EXISTS other_ledger CASCADE");
    }
  }

  @Test
  void aJarThatIsNotTheImportersIsRefusedAndTheClusterLivesOn() throws IOException {
    Path text = Files.writeString(fixture.flink().directory().resolve("text.jar"), "no jar");
    for (String jar : List.of("target/kafka-cloudberry-scheduler.jar", text.toString())) {
      Outcome outcome = fixture.run("import-once", "--jar", jar, "--time-limit", "20s");
      assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("The import does not start: " + jar + " is not the importer's jar");
    }
    assertThat(fixture.run("import-once").exitCode()).isZero();
  }

  @Test
  void aDatabaseThatLetsNobodyInIsNamedWithWhatToMend() throws IOException {
    Path wrong = Files.writeString(fixture.flink().directory().resolve("wrong"), "hunter2");
    assertNoLogin("FATAL: password authentication failed", "--password-file", wrong.toString());
    String nowhere = fixture.postgres().url().replaceFirst("/postgres$", "/nowhere");
    assertNoLogin("FATAL: database \"nowhere\" does not exist", "--url", nowhere + "?ssl=false");
    assertNoLogin(
        "FATAL: password authentication failed for user \"nobody\"", "--username", "nobody");
    DatabaseSettings none =
        new DatabaseSettings(fixture.postgres().url(), Optional.of("importer"), Optional.empty());
    assertThatThrownBy(() -> new Journal(none, "kafka_import", "any"))
        .asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
        .returns("28000", SQLException::getSQLState)
        .extracting(SQLException::getMessage, InstanceOfAssertFactories.STRING)
        .contains("Cannot log in to ", "no password was provided");
  }

  private static void assertNoLogin(String reason, String... arguments) {
    Outcome outcome = fixture.run("import-once", arguments);
    assertThat(outcome.exitCode()).as(outcome.toString()).isEqualTo(1);
    assertThat(outcome.err())
        .containsPattern(
            "Cannot log in to jdbc:postgresql://[^?]+ as (importer|nobody) \\(" + reason)
        .contains("--password-file");
  }

  @Test
  void whereFlinkIsNotIsSaidAtOnceByTheStatus() {
    Outcome outcome = fixture.run("status", "--flink", "http://localhost:1");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("Cannot reach Flink at http://localhost:1 (");
  }

  private static String wrongScript() throws IOException {
    Path wrong = fixture.flink().directory().resolve("wrong.sql");
    return Files.writeString(
            wrong, "INSERT INTO dest_table_fdw (some_int) SELECT missing FROM kafka_test;")
        .toString();
  }

  private static JsonObject json(Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.toString()).isZero();
    return JsonParser.parseString(outcome.out()).getAsJsonObject();
  }

  private static void awaitRows() {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(fixture.rows()).isEqualTo(fixture.allRows()));
  }

  private static long savepoints() throws IOException {
    Path folder = Files.createDirectories(fixture.flink().directory().resolve("savepoints"));
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith("_metadata")).count();
    }
  }
}

package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From {@code import_kafka_data()} to a job, as docs/from-kafka_fdw.md has it step by step.
 *
 * <p>The function is the guide's to the letter, and makes the progress table itself. Only the
 * foreign table that it reads is a table here, filled with what the topic holds.
 */
@Timeout(120)
class MigrationITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final String TOPIC = "contrib_regress_csv";
  private static final String PROGRESS = "kafka_test_import_progress";
  private static final Pattern PROGRAM =
      Pattern.compile("flink run .*?kafka-cloudberry-importer\\.jar(.*)", Pattern.DOTALL);
  private static final Map<String, String> BATCH = Map.of("execution.runtime-mode", "batch");

  private final List<Integer> produced = new ArrayList<>();
  private Readme page;

  @TempDir private Path directory;

  @BeforeEach
  void installTheOldImport() throws IOException {
    page = Readme.read("docs/from-kafka_fdw.md");
    FIXTURE.execute(
        """
        DROP SCHEMA IF EXISTS kafka_import, "Old" CASCADE;
        DROP TABLE IF EXISTS kafka_test, dest_table_fdw, kafka_test_import_progress;
        CREATE TABLE kafka_test (
          part int, offs bigint, some_int int, some_text text, some_date date, some_time timestamp);
        """);
    FIXTURE.execute(Files.readString(Readme.REPOSITORY.resolve("sql/database/target.sql")));
    try (var function = getClass().getResourceAsStream("import_kafka_data.sql")) {
      FIXTURE.execute(new String(function.readAllBytes(), UTF_8));
    }
    FIXTURE.kafka().createTopic(TOPIC, 3);
  }

  @AfterEach
  void deleteTopic() {
    FIXTURE.kafka().deleteTopic(TOPIC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--sql", "--source"})
  void aSwitchLosesAndDoublesNothing(String form) throws Exception {
    produce(60, 0, 1);
    callFunction();
    produce(40, 0, 1);
    callFunction();
    callFunction();
    assertExactlyOnce();
    assertThat(FIXTURE.query("SELECT part || ' ' || offs FROM (%s) p".formatted(progressQuery())))
        .containsExactly("0 50", "1 50");

    // The last partition but one was empty so far, and the last one is new.
    produce(30, 0, 1, 2);
    addPartition();
    produce(30, 2, 3);
    FIXTURE.execute(page.codeWith("GRANT SELECT ON kafka_test_import_progress"));
    ImportFixture.Outcome started = run(Map.of(), command(form));

    assertThat(started.err()).isEmpty();
    assertThat(started.out())
        .contains(
            "kafka_test starts after kafka_test_import_progress, at partition:0,offset:50;partition:1,offset:50, other partitions at their first message.");
    awaitExactlyOnce();
    produce(40, 0, 1, 2, 3);
    awaitExactlyOnce();
    fillForeignTable();
    assertThat(FIXTURE.query(check())).containsExactly("200 200");
    stop(started.jobs().get(0));
    assertExactlyOnce();
    assertThat(skipped()).isZero();
  }

  @Test
  void noStartAfterTheSwitchLoadsAnythingAgain() throws Exception {
    produce(100, 0, 1);
    callFunction();
    FIXTURE.execute(page.codeWith("GRANT SELECT ON kafka_test_import_progress"));
    produce(50, 0, 1, 2);
    JobID first = start(Map.of(), command("--sql"));
    awaitExactlyOnce();
    Path old = flink().triggerSavepoint(first, flink().directory());
    produce(50, 0, 1, 2);
    awaitExactlyOnce();
    Path last = stop(first);

    produce(30, 0, 1, 2);
    // The state goes before what the command says once more.
    startAndStop(from(last), command("--sql"));
    assertThat(skipped()).isZero();

    FIXTURE.execute(
        page.codeWith("DROP FUNCTION import_kafka_data").replace("FOREIGN TABLE", "TABLE"));
    produce(30, 0, 1, 2);
    startAndStop(from(old), later());
    assertThat(skipped()).isEqualTo(50 + 30);

    produce(30, 0, 1, 2);
    startAndStop(Map.of(), later());
    assertThat(skipped()).isEqualTo(50 + 30 + 100 + 50 + 50 + 30 + 30);
  }

  @Test
  void theSwitchMayBeMadeAgainWhenTheFunctionWasCalledOnceMore() throws Exception {
    produce(100, 0, 1);
    callFunction();
    FIXTURE.execute(page.codeWith("GRANT SELECT ON kafka_test_import_progress"));
    startAndStop(Map.of(), command("--sql"));
    produce(40, 0, 1);
    callFunction();
    produce(20, 0, 1, 2);

    startAndStop(Map.of(), command("--sql"));

    assertThat(
            FIXTURE.query(
                "SELECT from_offset || ' ' || to_offset FROM kafka_import.offsets"
                    + " WHERE \"partition\" = 0 ORDER BY from_offset"))
        .containsExactly("0 50", "50 70", "70 77");
  }

  /** A table of the progress that only quotes can name, of one Kafka table among several. */
  @Test
  void theTablesMayBeNamed() throws Exception {
    produce(60, 0, 1);
    callFunction();
    FIXTURE.execute(
        """
        CREATE SCHEMA "Old"; ALTER TABLE kafka_test_import_progress SET SCHEMA "Old";
        ALTER TABLE "Old".kafka_test_import_progress RENAME TO "Pro.gress";
        GRANT USAGE ON SCHEMA "Old" TO importer; GRANT SELECT ON "Old"."Pro.gress" TO importer;
        """);
    produce(60, 0, 1, 2);

    startAndStop(
        Map.of(),
        tables("CREATE TABLE other (a INT) LIKE kafka_test;"),
        later("--start-after", "kafka_test=\"Old\".\"Pro.gress\""));

    assertThat(skipped()).isZero();
  }

  @Test
  void theSqlClientsOptionsDoTheSame() throws Exception {
    produce(60, 0, 1);
    callFunction();
    produce(60, 0, 1, 2);
    String offsets = FIXTURE.query(page.codeWith("string_agg")).get(0);
    Matcher pasted =
        Pattern.compile("partition:0,offset:\\d+;partition:1,offset:\\d+")
            .matcher(page.codeWith("ALTER TABLE kafka_test SET"));
    String options = pasted.replaceAll(offsets);

    startAndStop(Map.of(), tables(options), later());
    assertThat(skipped()).isZero();

    produce(30, 0, 1, 2);
    startAndStop(Map.of(), later());
    assertThat(skipped()).isEqualTo(120);
  }

  @ParameterizedTest
  @CsvSource({"fail, 30", "skip, 110"})
  void whatKafkaHasDeletedSinceThenIsNoSilentLoss(String missingOffsets, int rows)
      throws Exception {
    produce(30, 0);
    callFunction();
    FIXTURE.execute(page.codeWith("GRANT SELECT ON kafka_test_import_progress"));
    produce(100, 0);
    FIXTURE.kafka().deleteRecords(TOPIC, 0, 50);

    ImportFixture.Outcome started =
        run(
            BATCH,
            tables(
                "ALTER TABLE kafka_test SET ('scan.missing-offsets' = '%s');"
                    .formatted(missingOffsets)),
            command("--sql"));

    JobID job = started.jobs().get(0);
    boolean isSuccess = flink().awaitEnd(job, SOON).isSuccess();
    assertThat(isSuccess).isEqualTo(missingOffsets.equals("skip"));
    assertThat(FIXTURE.query("SELECT count(*) FROM dest_table_fdw"))
        .containsExactly(String.valueOf(rows));
    if (!isSuccess) {
      assertThat(flink().status(job)).isEqualTo(JobStatus.FAILED);
      assertThat(FIXTURE.rest().page(job, "/exceptions"))
          .contains(TOPIC, "30", "50", "scan.missing-offsets");
    }
  }

  @Test
  void aCallThatStillRunsIsWaitedFor() throws Exception {
    produce(60, 0, 1);
    fillForeignTable();
    callFunction();
    FIXTURE.execute(page.codeWith("GRANT SELECT ON kafka_test_import_progress"));
    produce(60, 0, 1);
    fillForeignTable();
    try (Connection running = FIXTURE.postgres().connect();
        Statement call = running.createStatement()) {
      running.setAutoCommit(false);
      call.execute(lastCall());

      ImportFixture.Outcome refused = run(Map.of(), command("--sql"));

      assertThat(refused.jobs()).isEmpty();
      assertThat(refused.err()).contains("--start-after", "import_kafka_data() is still running");
      running.commit();
    }

    startAndStop(Map.of(), command("--sql"));
    assertThat(skipped()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP TABLE progress | There is no progress table 'progress'",
        "DELETE FROM progress | The progress table 'progress' is empty",
        "ALTER TABLE progress DROP offs | which has the columns part and offs",
        "REVOKE SELECT ON progress FROM importer | GRANT SELECT ON progress TO \"importer\"",
        "ALTER TABLE progress ALTER offs DROP NOT NULL; UPDATE progress SET offs = NULL | offs null; both",
        "UPDATE progress SET offs = -1 | part 0 and offs -1; both have to be numbers from 0 up",
        "ALTER TABLE progress DROP CONSTRAINT progress_pkey; INSERT INTO progress VALUES (0, 7) | two rows for partition 0, with offs 42 and 7",
      })
  void aProgressTableThatSaysNothingIsRefused(String change, String problem) throws Exception {
    FIXTURE.execute(
        "DROP TABLE IF EXISTS progress; CREATE TABLE progress (part integer PRIMARY KEY, offs bigint NOT NULL);"
            + " INSERT INTO progress VALUES (0, 42); GRANT SELECT ON progress TO importer; "
            + change);

    assertRefused(problem, later("--start-after", "progress"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET 'a' = 'b' | x.y.z | is not a table name",
        "ALTER TABLE kafka_test SET ('scan.startup.mode' = 'latest-offset') | p | says with [scan.startup.mode] where it starts",
        "ALTER TABLE kafka_test SET ('topic' = 'a;b') | p | reads more than one topic",
        "CREATE TABLE other WITH ('connector' = 'blackhole') AS SELECT offs FROM kafka_test | p | There is no progress table 'p'",
        "DROP TABLE kafka_test | p | No table with 'connector' = 'kafka-partitioned' is declared",
        "CREATE TABLE other (a INT) LIKE kafka_test | p | Several Kafka tables are declared, `kafka_test`, `other`",
        "SET 'a' = 'b' | dest_table_fdw=p | `dest_table_fdw` is no table with 'connector' = 'kafka-partitioned'",
      })
  void aKafkaTableOfWhichItCannotBeSaidWhereItStartsIsRefused(
      String statement, String startAfter, String problem) throws Exception {
    assertRefused(problem, tables(statement + ";"), later("--start-after", startAfter));
  }

  private void assertRefused(String problem, String[]... arguments) {
    ImportFixture.Outcome refused = run(Map.of(), arguments);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.jobs()).isEmpty();
    assertThat(refused.err()).startsWith("--start-after: ").contains(problem);
  }

  /** Sends messages like none before to some partitions by turns. */
  private void produce(int count, int... partitions) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int n = produced.size();
      produced.add(n);
      messages.add(
          Message.of(n + ",text " + n + ",2024-01-31,").to(partitions[i % partitions.length]));
    }
    FIXTURE.kafka().produce(TOPIC, messages);
  }

  private static void addPartition() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", FIXTURE.kafka().bootstrapServers()))) {
      admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(4))).all().get();
    }
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> FIXTURE.kafka().endOffsets(TOPIC).containsKey(3));
  }

  private void callFunction() {
    fillForeignTable();
    FIXTURE.execute(lastCall());
  }

  private String lastCall() {
    return page.codeWith("SELECT import_kafka_data('kafka_test', 'dest_table_fdw'");
  }

  private static void fillForeignTable() {
    String rows =
        FIXTURE.kafka().read(TOPIC).stream()
            .map(
                message ->
                    "(%d, %d, split_part('%3$s', ',', 1)::int, split_part('%3$s', ',', 2), '2024-01-31', NULL)"
                        .formatted(
                            message.partition(),
                            message.offset(),
                            new String(message.value(), UTF_8)))
            .collect(Collectors.joining(", "));
    FIXTURE.execute("TRUNCATE kafka_test; INSERT INTO kafka_test VALUES " + rows);
  }

  private String progressQuery() {
    return page.codeWith("SELECT part, offs FROM kafka_test_import_progress").replace(";", "");
  }

  private String check() {
    return "SELECT rows_in_table || ' ' || messages FROM (%s) AS both_"
        .formatted(page.codeWith("AS rows_in_table").replace(";", ""));
  }

  /** The arguments of one of the page's commands, with the files where this test finds them. */
  private String[] command(String form) {
    Matcher program = PROGRAM.matcher(page.codeWith("\n  " + form + " "));
    assertThat(program.find()).isTrue();
    return Arrays.stream(program.group(1).replace("\\\n", " ").strip().split("\\s+"))
        .map(word -> word.startsWith("sql/") ? Readme.REPOSITORY.resolve(word).toString() : word)
        .toArray(String[]::new);
  }

  /** The same as that of the later starts. */
  private String[] later(String... more) {
    List<String> arguments = new ArrayList<>(List.of(command("--sql")));
    assertThat(arguments).endsWith("--start-after", PROGRESS);
    arguments.subList(arguments.size() - 2, arguments.size()).clear();
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** The arguments that let a statement run behind the declarations. */
  private String[] tables(String statements) throws IOException {
    Path file = Files.writeString(Files.createTempFile(directory, "tables", ".sql"), statements);
    return new String[] {"--tables", file.toString()};
  }

  private static ImportFixture.Outcome run(Map<String, String> overrides, String[]... arguments) {
    Map<String, String> configuration = new HashMap<>(overrides);
    List<String> line =
        new ArrayList<>(List.of("--set", "execution.checkpointing.interval=200 ms"));
    // Declarations first, whatever their order here.
    for (int i = arguments.length - 1; i >= 0; i--) {
      line.addAll(List.of(arguments[i]));
    }
    return FIXTURE.run(configuration, line.toArray(String[]::new));
  }

  private static JobID start(Map<String, String> overrides, String[]... arguments) {
    ImportFixture.Outcome outcome = run(overrides, arguments);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.jobs()).hasSize(1);
    return outcome.jobs().get(0);
  }

  private void startAndStop(Map<String, String> overrides, String[]... arguments) {
    JobID job = start(overrides, arguments);
    awaitExactlyOnce();
    stop(job);
    assertExactlyOnce();
  }

  private static Path stop(JobID job) {
    flink().awaitRunning(job);
    return flink().stopWithSavepoint(job, flink().directory());
  }

  private static Map<String, String> from(Path savepoint) {
    return Map.of("execution.state-recovery.path", savepoint.toUri().toString());
  }

  private void awaitExactlyOnce() {
    await().atMost(SOON).untilAsserted(this::assertExactlyOnce);
  }

  private void assertExactlyOnce() {
    assertThat(FIXTURE.query("SELECT some_int FROM dest_table_fdw ORDER BY some_int"))
        .isEqualTo(IntStream.range(0, produced.size()).mapToObj(String::valueOf).toList());
  }

  private static long skipped() {
    return Long.parseLong(
        FIXTURE.query("SELECT coalesce(sum(skipped), 0) FROM kafka_import.commits").get(0));
  }

  private static FlinkCluster flink() {
    return FIXTURE.flink();
  }
}

package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.job.ImportJob;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused before a job starts, and what the user is told to do about it. */
@Timeout(60)
class PlanningITCase {

  private static final String COLUMNS = "n INT, t STRING";

  private static PostgresServer postgres;

  @TempDir private Path directory;

  /** What a user has set who has done everything right. */
  private final Configuration configuration = new Configuration();

  @BeforeAll
  static void start() throws SQLException {
    postgres = PostgresServer.start();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE target (n int, t text)");
      statement.execute("CREATE TABLE strict (n int, must text NOT NULL, should int NOT NULL)");
      statement.execute("CREATE TABLE typed (n uuid, t text)");
    }
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void setEverything() {
    configuration.setString("execution.checkpointing.interval", "10s");
    configuration.setString("execution.checkpointing.dir", directory.toUri().toString());
    configuration.setString("cloudberry.url", postgres.url());
    configuration.setString("cloudberry.username", postgres.username());
    configuration.setString("cloudberry.password", postgres.password());
  }

  @Test
  void streamingWithoutCheckpoints() throws IOException {
    configuration.removeKey("execution.checkpointing.interval");
    assertThat(refusal(COLUMNS))
        .contains("checkpoints are off", "SET 'execution.checkpointing.interval' = '10s';");
  }

  @Test
  void junkInColumnsThatAreNotNull() throws IOException {
    assertThat(
            refusalOf(
                target("n INT NOT NULL, e STRING METADATA FROM 'junk-error'")
                    + "CREATE TABLE source (n INT NOT NULL, e STRING) WITH ('connector' = 'datagen');"
                    + "INSERT INTO target SELECT n, e FROM source;"))
        .contains("The INSERT gives 'junk-error'", "[n] are NOT NULL", "may keep it");
  }

  @Test
  void checkpointsThatAreNotExactlyOnce() throws IOException {
    configuration.setString("execution.checkpointing.mode", "AT_LEAST_ONCE");
    assertThat(refusal(COLUMNS))
        .contains("'execution.checkpointing.mode' is AT_LEAST_ONCE", "Set it to EXACTLY_ONCE");
  }

  @Test
  void noCheckpointsAfterTheEndOfATask() throws IOException {
    configuration.setString("execution.checkpointing.checkpoints-after-tasks-finish", "false");
    assertThat(refusal(COLUMNS))
        .contains("'execution.checkpointing.checkpoints-after-tasks-finish' is false");
  }

  @ParameterizedTest
  @CsvSource({
    "sink.staging.retention, 5 min, 1 h",
    "ledger.retention, 5 min, 1 h",
    "sink.lock-timeout, 0 s, 1 ms",
    "sink.retry.first-backoff, 0 s, 1 ms",
    "sink.staging.roll-size, 1 kb, 1 mb"
  })
  void valuesThatAreTooSmall(String option, String value, String least) throws IOException {
    assertThat(refusal(COLUMNS, "'table-name' = 'target', '%s' = '%s'".formatted(option, value)))
        .contains("'" + option + "' is", "it has to be at least " + least);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "many", "101%", "1.5", ""})
  void aRejectLimitThatIsNeitherANumberNorAShare(String limit) throws IOException {
    assertThat(
            refusal(
                COLUMNS, "'table-name' = 'target', 'sink.reject-limit' = '%s'".formatted(limit)))
        .contains("'sink.reject-limit' is '" + limit + "'", "like '1000'", "like '0.5%'");
  }

  @Test
  void aPrimaryKey() throws IOException {
    assertThat(refusal(COLUMNS + ", PRIMARY KEY (n) NOT ENFORCED"))
        .contains("declares a PRIMARY KEY", "Remove the key here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "n, topic | 'partition', 'offset'",
        "part, n, offs | 'topic'",
        "topic, offs, n | 'partition'"
      })
  void aPartOfThePlaceOfRows(String columns, String missing) throws IOException {
    assertThat(refusalOfColumns(columns))
        .contains("leaves out " + missing + ".", "'topic', 'partition' and 'offset', all three");
  }

  @Test
  void junkWithoutItsError() throws IOException {
    assertThat(refusalOfColumns("n, junk")).contains("gives 'junk' without 'junk-error'");
  }

  private String refusalOfColumns(String columns) throws IOException {
    return refusalOf(
        target(
                "n INT, topic STRING METADATA, part INT METADATA FROM 'partition',"
                    + " offs BIGINT METADATA FROM 'offset', junk BYTES METADATA,"
                    + " err STRING METADATA FROM 'junk-error'")
            + "CREATE TABLE source (n INT, topic STRING, part INT, offs BIGINT, junk BYTES)"
            + " WITH ('connector' = 'datagen');"
            + "INSERT INTO target (%1$s) SELECT %1$s FROM source;".formatted(columns));
  }

  @Test
  void everyColumnThatTheTableDoesNotHave() throws IOException {
    assertThat(refusal("first INT, t STRING, last INT"))
        .contains(
            "Cannot load into table public.target",
            "the table has no column 'first'",
            "the table has no column 'last'",
            "Its columns are: n, t");
  }

  @Test
  void everyMandatoryColumnThatNothingFills() throws IOException {
    assertThat(refusal("n INT", "'table-name' = 'strict'"))
        .contains(
            "column 'must' is NOT NULL, has no default, and the query does not fill it",
            "column 'should' is NOT NULL");
  }

  @Test
  void typesThatDoNotFit() throws IOException {
    assertThat(refusal("n INT, t STRING", "'table-name' = 'typed'"))
        .contains("column n INT into column \"n\" uuid", "CAST")
        .doesNotContain("column t");
  }

  @Test
  void aTableThatIsNotThere() throws IOException {
    assertThat(refusal(COLUMNS, "'table-name' = 'nowhere'"))
        .contains("There is no table 'nowhere' in database 'postgres'", "'schema.table'");
  }

  @Test
  void aFirstStartOfAnImportThatHasLoadedRows() throws Exception {
    configuration.setString("cloudberry.first-start", "true");
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          Files.readString(Path.of("../../sql/database/ledger_postgresql.sql"))
              + "INSERT INTO kafka_import.commits VALUES"
              + " (gen_random_uuid(), 'known', 'job', 1, now(), 1, 1)");
    }
    String known = "'table-name' = 'target', 'sink.id' = 'known'";

    assertThat(refusal(COLUMNS, known))
        .contains("The sink 'known' has loaded rows before", "Start from the savepoint");
    assertThat(refusal("first INT", "'table-name' = 'target', 'sink.id' = 'unknown'"))
        .doesNotContain("loaded rows before");
  }

  @Test
  void aLedgerThatIsNotThatOfTheConfiguration() throws IOException {
    configuration.setString("cloudberry.ledger.schema", "ours");
    assertThat(refusal(COLUMNS, "'table-name' = 'target', 'ledger.schema' = 'theirs'"))
        .contains("'ledger.schema' is 'theirs', and 'cloudberry.ledger.schema' is 'ours'");
  }

  @Test
  void noUrl() throws IOException {
    configuration.removeKey("cloudberry.url");
    assertThat(refusal(COLUMNS)).contains("Set 'cloudberry.url'", "jdbc:postgresql://");
  }

  @Test
  void theUrlOfAnotherKindOfDatabase() throws IOException {
    configuration.setString("cloudberry.url", "jdbc:mysql://host/database");
    assertThat(refusal(COLUMNS)).contains("'url' has to be jdbc:postgresql://", "jdbc:mysql:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://localhost/db?password=open-sesame",
        "jdbc:postgresql://localhost/db?ssl=true&sslpassword=open-sesame",
        "jdbc:postgresql://me:open-sesame@localhost/db"
      })
  void aPasswordInTheUrl(String url) throws IOException {
    configuration.setString("cloudberry.url", url);
    assertThat(refusal(COLUMNS))
        .contains("'url' carries a password", "'cloudberry.password'")
        .doesNotContain("open-sesame");
  }

  @Test
  void aPasswordAndAPasswordFile() throws IOException {
    assertThat(refusal(COLUMNS, "'password' = 'open-sesame'", "'password-file' = 'file'"))
        .contains("Set either 'password' or 'password-file', not both")
        .doesNotContain("open-sesame");
  }

  @Test
  void aWrongPassword() throws IOException {
    configuration.setString("cloudberry.password", "open-sesame");
    assertThat(refusal(COLUMNS))
        .contains("Cannot read table target", "password authentication failed", "28P01")
        .doesNotContain("open-sesame");
  }

  @Test
  void noFolderToStageIn() throws IOException {
    configuration.removeKey("execution.checkpointing.dir");
    assertThat(refusal(COLUMNS))
        .contains(
            "no folder to stage rows in", "'execution.checkpointing.dir'", "'sink.staging.dir'");
  }

  @Test
  void anUnknownOption() throws IOException {
    assertThat(refusal(COLUMNS, "'sink.paralelism' = '4'"))
        .contains("Unsupported options", "sink.paralelism", "sink.parallelism");
  }

  @Test
  void aQueryWhoseRowsAreUpdated() throws IOException {
    assertThat(
            refusalOf(
                target(COLUMNS)
                    + "INSERT INTO target SELECT n, max(t) FROM (VALUES (1, 'a'), (1, 'b')) AS s(n, t) GROUP BY n;"))
        .contains("target", "doesn't support consuming update changes");
  }

  /** What inserting into a table, declared like this, is answered with. */
  private String refusal(String columns, String... options) throws IOException {
    return refusalOf(
        target(columns, options)
            + "CREATE TABLE source (%s) WITH ('connector' = 'datagen');"
                .formatted(columns.replaceAll(", PRIMARY KEY.*", ""))
            + "INSERT INTO target SELECT * FROM source;");
  }

  private static String target(String columns, String... options) {
    List<String> all = new ArrayList<>(List.of("'connector' = 'cloudberry'"));
    all.addAll(Arrays.asList(options));
    if (all.stream().noneMatch(option -> option.startsWith("'table-name'"))) {
      all.add("'table-name' = 'target'");
    }
    return "CREATE TABLE target (%s) WITH (%s);".formatted(columns, String.join(", ", all));
  }

  private String refusalOf(String sql) throws IOException {
    Path script = Files.writeString(directory.resolve("job.sql"), sql);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        ImportJob.run(
            configuration, new PrintWriter(out), new PrintWriter(err), "--sql", script.toString());
    assertThat(exitCode).isOne();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).doesNotContain(postgres.password());
    return err.toString();
  }
}

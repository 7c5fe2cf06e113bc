package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts on a Flink cluster in this JVM. */
@Timeout(60)
class ImportScriptITCase {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path tables;

  @BeforeEach
  void declareTables() throws IOException {
    tables =
        Files.writeString(
            directory.resolve("tables.sql"),
            """
            -- Two targets; the semicolon of this comment; ends nothing.
            CREATE TABLE target (letters STRING) WITH (
              'connector' = 'filesystem', 'format' = 'raw', 'path' = '%1$s/target');
            CREATE TABLE other (letters STRING) WITH (
              'connector' = 'filesystem', 'format' = 'raw', 'path' = '%1$s/other');
            CREATE TABLE broken (n BIGINT) WITH (
              'connector' = 'datagen', 'fields.n.kind' = 'sequence',
              'fields.n.start' = '0', 'fields.n.end' = '9');
            CREATE TABLE nowhere (letters STRING) WITH ('connector' = 'blackhole');
            CREATE TABLE endless (letters STRING) WITH (
              'connector' = 'datagen', 'rows-per-second' = '1');
            CREATE TABLE three (letters STRING) WITH (
              'connector' = 'datagen', 'number-of-rows' = '3');
            """
                .formatted(directory));
  }

  @Test
  void aScriptIsRunToItsEnd() throws IOException {
    assertThat(run("INSERT INTO target VALUES ('it''s; --one'), ('/* two */'); -- done")).isZero();

    assertThat(rows("target")).containsExactly("/* two */", "it's; --one");
    assertThat(out.toString().lines())
        .hasSize(2)
        .allMatch(line -> line.matches("(Submitted|Finished) job \\p{XDigit}{32}"));
  }

  @Test
  void theSplitterReadsQuotesAndCommentsAsFlinkDoes() throws IOException {
    assertThat(
            run(
                """
                INSERT INTO target
                SELECT /*+ OPTIONS('k'=';') */ E'e\\';' || `a``;b` // it's a comment;
                FROM (VALUES ('-- '';')) AS t(`a``;b`) /* ; /* */;
                INSERT INTO other VALUES ('\\'), ('😀;'), (U&'\\4e2d;')
                """))
        .as(err.toString())
        .isZero();
    assertThat(rows("target")).containsExactly("e';-- ';");
    assertThat(rows("other")).containsExactly("\\", "中;", "😀;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXECUTE STATEMENT SET BEGIN %s %s END;",
        "BEGIN STATEMENT SET; %s %s END;",
      })
  void aStatementSetIsOneJob(String set) throws IOException {
    String script =
        set.formatted("INSERT INTO target VALUES ('a');", "INSERT INTO other VALUES ('b;');");

    assertThat(run(script)).as(err.toString()).isZero();
    assertThat(rows("target")).containsExactly("a");
    assertThat(rows("other")).containsExactly("b;");
    assertThat(out.toString().lines().filter(line -> line.startsWith("Submitted"))).hasSize(1);
  }

  @Test
  void aSyntaxErrorHasThePlaceInTheFile() throws IOException {
    assertThat(run("-- comment\n\n  SELECT 1\n  FORM x")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(directory.resolve("job.sql") + ":3:3: SQL parse failed.")
        .contains("line 4, column 8")
        .doesNotContain("\tat ");
  }

  @Test
  void anUnknownColumnHasThePlaceInTheFile() throws IOException {
    assertThat(run("SET 'a' = 'b'; INSERT INTO target\r\nSELECT missing FROM three")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(directory.resolve("job.sql") + ":1:16: SQL validation failed.")
        .contains("line 2, column 8", "Column 'missing' not found");
  }

  @Test
  void anErrorInAStatementSetHasThePlaceOfItsStatement() throws IOException {
    assertThat(
            run(
                "BEGIN STATEMENT SET;\nINSERT INTO target VALUES ('a');\n INSERT INTO nil\nVALUES (1); END;"))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith(directory.resolve("job.sql") + ":3:2: ").contains("nil");
  }

  @Test
  void anErrorShowsNoSecretOfATable() throws IOException {
    assertThat(
            run(
                "CREATE TABLE t (a INT) WITH ('connector' = 'print', 'password' = 'hunter2');"
                    + "INSERT INTO t VALUES (1)"))
        .isEqualTo(1);
    assertThat(err.toString())
        .contains("Unsupported options", "password")
        .doesNotContain("hunter2");
  }

  @Test
  void aJobThatFailsFailsTheCommandWithItsCause() throws IOException {
    assertThat(
            run(
                "INSERT INTO target SELECT CAST(1 / (5 - n) AS STRING) FROM broken",
                "--set",
                "restart-strategy.type=none"))
        .isEqualTo(1);
    assertThat(err.toString().lines().toList())
        .last()
        .asString()
        .isEqualTo("  caused by: / by zero");
  }

  @Test
  void aFailedJobIsNotHiddenByOneThatRuns() throws Exception {
    onCluster(
        (cluster, remote) -> {
          String script =
              "SET 'restart-strategy.type' = 'none';"
                  + "INSERT INTO nowhere SELECT letters FROM endless;"
                  + "INSERT INTO target SELECT CAST(1 / (5 - n) AS STRING) FROM broken";

          assertThat(run(script, remote, "--set", "execution.attached=true")).isEqualTo(1);
          assertThat(err.toString()).contains("/ by zero");
          assertThat(out.toString().lines())
              .hasSize(2)
              .allMatch(line -> line.startsWith("Submitted"));
        });
  }

  @Test
  void onAClusterTheCommandStaysUntilTheJobsEndUnlessItIsDetached() throws Exception {
    onCluster(
        (cluster, remote) -> {
          String endless = "INSERT INTO nowhere SELECT letters FROM endless";
          assertThat(run(endless, remote, "--set", "execution.attached=false")).isZero();
          assertThat(out.toString()).contains("Submitted").doesNotContain("Finished");
          JobStatusMessage job = cluster.listJobs().get().iterator().next();
          assertThat(job.getJobName()).isEqualTo("job.sql");
          assertThat(job.getJobState().isTerminalState()).isFalse();
          cluster.cancelJob(job.getJobId()).get();

          String bounded = "INSERT INTO target VALUES ('a')";
          assertThat(run(bounded, remote, "--set", "execution.attached=true")).isZero();
          assertThat(out.toString()).contains("Finished");
        });
  }

  @Test
  void aSettingOfTheCommandLineWinsOverTheScript() throws IOException {
    String script =
        "SET 'table.local-time-zone' = 'UTC';"
            + "INSERT INTO target SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING)";

    assertThat(run(script, "--set", "table.local-time-zone=Asia/Shanghai")).isZero();
    assertThat(rows("target")).containsExactly("1970-01-01 08:00:00.000");
    assertThat(out.toString())
        .contains("SET 'table.local-time-zone' is left out: --set table.local-time-zone wins.");
  }

  @Test
  void resetGoesBackToWhatTheCommandLineSaid() throws IOException {
    String print = "INSERT INTO target SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING);";

    assertThat(
            run(
                "SET 'table.local-time-zone' = 'UTC';"
                    + print
                    + "RESET 'table.local-time-zone';"
                    + print
                    + "SET 'table.local-time-zone' = 'Europe/Moscow'; RESET;"
                    + print,
                new Configuration().set(TableConfigOptions.LOCAL_TIME_ZONE, "Asia/Tokyo")))
        .isZero();
    assertThat(rows("target"))
        .containsExactly(
            "1970-01-01 00:00:00.000", "1970-01-01 09:00:00.000", "1970-01-01 09:00:00.000");
  }

  @Test
  void rowsOfAQueryArePrinted() throws IOException {
    String printed =
        printedBy(
            "SET 'execution.runtime-mode' = 'batch'; (SELECT 'x;y' AS found); SHOW TABLES;"
                + "EXPLAIN INSERT INTO target SELECT letters FROM three");

    assertThat(printed)
        .contains("found", "x;y", "1 row in set", "three", "== Optimized Execution Plan ==")
        .doesNotContain("Submitted");
  }

  @Test
  void theThreeArgumentsImportOneTableIntoAnother() throws IOException {
    int exitCode =
        ImportJob.run(
            new Configuration(),
            new PrintWriter(out),
            new PrintWriter(err),
            "--source",
            "default_database.three",
            "--target",
            "target",
            "--columns",
            " letters ",
            "--tables",
            tables.toString(),
            "--set",
            "execution.runtime-mode=batch");

    assertThat(exitCode).as(err.toString()).isZero();
    assertThat(rows("target")).hasSize(3);
  }

  private interface ClusterTest {
    void run(MiniCluster cluster, Configuration remote) throws Exception;
  }

  private static void onCluster(ClusterTest test) throws Exception {
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .withRandomPorts()
                .setNumSlotsPerTaskManager(4)
                .build());
    try {
      cluster.start();
      URI address = cluster.getRestAddress().get();
      test.run(
          cluster,
          new Configuration()
              .set(CoreOptions.DEFAULT_PARALLELISM, 1)
              .set(DeploymentOptions.TARGET, "remote")
              .set(RestOptions.ADDRESS, address.getHost())
              .set(RestOptions.PORT, address.getPort()));
    } finally {
      cluster.close();
    }
  }

  private String printedBy(String script) throws IOException {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(run(script)).as(err.toString()).isZero();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8) + out;
  }

  private int run(String script, String... more) throws IOException {
    return run(script, new Configuration(), more);
  }

  private int run(String script, Configuration configuration, String... more) throws IOException {
    Path sql = Files.writeString(directory.resolve("job.sql"), script);
    List<String> arguments = List.of("--tables", tables.toString(), "--sql", sql.toString());
    return ImportJob.run(
        configuration,
        new PrintWriter(out),
        new PrintWriter(err),
        Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
  }

  private List<String> rows(String table) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve(table))) {
      return files
          .filter(file -> Files.isRegularFile(file) && !isHidden(file))
          .flatMap(ImportScriptITCase::lines)
          .sorted()
          .toList();
    }
  }

  private static boolean isHidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

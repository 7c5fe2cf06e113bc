package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportJobTest {

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpSaysWhatThereIs() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "--sql", "--source", "--target", "--columns", "--tables", "--set", "flink run -d");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | nothing to run: give --sql, or --source, --target and --columns",
        "--tables missing.sql | --tables: there is no file missing.sql",
        "--source a --target b | missing --columns",
        "--columns a | missing --source and --target",
        "--sql missing.sql | --sql: there is no file missing.sql",
        "--sql . | --sql: cannot read .: Is a directory",
        "--sql a.sql --source b | --sql runs a script; it does not go with --source, --target and --columns",
        "--sql a.sql --sql b.sql | option '--sql' (FILE) should be specified only once",
        "--sql | Missing required parameter for option '--sql' (FILE)",
        "--source a --target b --columns a,,b | --columns: 'a,,b' holds an empty name",
        "--source `a --target b --columns c | --source: the backticks in '`a' do not pair",
        "--source a --target b --columns c --set x | --set takes KEY=VALUE",
        "--source a --target b --columns c --start-after x= | --start-after: it names no progress table, like kafka_test_import_progress",
        "--source a --target b --columns c --start-after `x=y | --start-after: the backticks in '`x' do not pair",
        "--source a --target b --columns c --set =x | --set takes KEY=VALUE",
        "--source a --target b --columns c --set cloudberry.password=hunter2 | --set: it has a password, which the list of processes shows; its place is Flink's configuration, or a file or the environment there, see docs/security.md",
        "--passwd=hunter2 | unknown option --passwd",
        "--source a --target b --columns c --resume x | --resume takes the id of a job, 32 hexadecimal digits",
        "--set a=b hunter2 | an argument stands alone: every value follows its option"
      })
  void wrongArgumentsEndWithOneLineAndExitCode2(String arguments, String problem) {
    int exitCode = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(err.toString().lines()).containsExactly(problem + " (--help shows the usage)");
    assertThat(exitCode).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aScriptThatCannotBeSplitEndsWithItsPlaceAndExitCode1() throws IOException {
    Path script = script("SELECT 1;\n  SELECT 'a;");

    assertThat(run("--sql", script.toString())).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(script + ":2:10: the string that begins here is not closed by '");
  }

  @Test
  void inAJvmOfSomebodyElseAFailureIsAnExceptionThatFlinkShowsWithoutAStackTrace() {
    assertThatThrownBy(() -> ImportJob.main(new String[] {"--sql"}))
        .isInstanceOf(ProgramParametrizationException.class)
        .hasMessageStartingWith("Missing required parameter for option '--sql'");
  }

  @Test
  void theThreeArgumentsAreAnInsert() {
    ImportPlan plan =
        ImportArguments.parse(
                "--source", "cat.db.kafka_test", "--target", "dest", "--columns", "a, order")
            .plan();

    assertThat(plan.title()).isEqualTo("import cat.db.kafka_test into dest");
    assertThat(plan.tableImport())
        .contains(new TableImport("`cat`.`db`.`kafka_test`", "`dest`", "`a`, `order`"));
  }

  @Test
  void textComesInPlaceOfTheFilesThatItNames() {
    ImportPlan plan =
        ImportArguments.parse(
                "--tables",
                "far/t.sql",
                "--sql",
                "far/job.sql",
                "--inline",
                "far/job.sql=SELECT 'a=b'",
                "--inline",
                "far/t.sql=SELECT 1; SELECT 2")
            .plan();

    assertThat(plan.title()).isEqualTo("job.sql");
    assertThat(plan.statements())
        .extracting(statement -> statement.position() + " " + statement.text())
        .containsExactly(
            "far/t.sql:1:1 SELECT 1", "far/t.sql:1:11 SELECT 2", "far/job.sql:1:1 SELECT 'a=b'");
  }

  @Test
  void tablesComeBeforeTheScriptThatNamesTheJob() throws IOException {
    Path tables = script("SELECT 1; SELECT 2");
    Path sql = Files.writeString(directory.resolve("job.sql"), "SELECT 3");
    ImportPlan plan =
        ImportArguments.parse("--sql", sql.toString(), "--tables", tables.toString()).plan();

    assertThat(plan.title()).isEqualTo("job.sql");
    assertThat(plan.statements())
        .extracting(SqlScript.Statement::text)
        .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
  }

  @Test
  void theRuntimeModeOfTheScriptIsTheOneOfTheEnvironment() throws IOException {
    assertThat(runtimeMode("SELECT 1; SET 'execution.runtime-mode' = 'BATCH'")).isEqualTo("batch");
  }

  @Test
  void theRuntimeModeOfTheCommandLineWins() throws IOException {
    assertThat(
            runtimeMode(
                "SET 'execution.runtime-mode' = 'batch'",
                "--set",
                "execution.runtime-mode=streaming"))
        .isEqualTo("streaming");
  }

  @Test
  void aScriptHasOneRuntimeMode() throws IOException {
    Path script =
        script("SET 'execution.runtime-mode'='batch';\nSET 'execution.runtime-mode'='streaming';");

    assertThat(run("--sql", script.toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith(script + ":2:1: the runtime mode was already set to 'batch'");
  }

  @Test
  void anUnknownRuntimeModeIsRefused() throws IOException {
    Path script = script("SET 'execution.runtime-mode' = 'both'");

    assertThat(run("--sql", script.toString())).isEqualTo(1);
    assertThat(err.toString())
        .contains(script + ":1:1: 'execution.runtime-mode' is 'streaming' or 'batch', not 'both'");
  }

  private String runtimeMode(String script, String... more) throws IOException {
    String[] arguments = new String[2 + more.length];
    arguments[0] = "--sql";
    arguments[1] = script(script).toString();
    System.arraycopy(more, 0, arguments, 2, more.length);
    return ImportArguments.parse(arguments)
        .plan()
        .configuration(new Configuration())
        .getString(ExecutionOptions.RUNTIME_MODE.key(), "unset");
  }

  private Path script(String text) throws IOException {
    return Files.writeString(directory.resolve("script.sql"), text);
  }

  private int run(String... arguments) {
    return ImportJob.run(
        new Configuration(), new PrintWriter(out), new PrintWriter(err), arguments);
  }
}

package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.job.ImportJob;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README says to type, typed: by a role that has the rights it names, and no others. */
@Timeout(120)
class ReadmeITCase {

  private static final Pattern PROGRAM =
      Pattern.compile("flink run .*?kafka-cloudberry-importer\\.jar(.*)", Pattern.DOTALL);

  private static Readme readme;
  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static ImporterRole role;

  @TempDir private Path directory;

  @BeforeAll
  static void start() throws Exception {
    readme = Readme.read("README.md");
    kafka = KafkaBroker.start();
    kafka.createTopic("contrib_regress_csv", 2);
    kafka.produce(
        "contrib_regress_csv",
        List.of(
            Message.of("42,some text,2024-01-31,2024-01-31 12:34:56.123456").to(0),
            Message.of("43,,,").to(1)));
    postgres = PostgresServer.start();
    postgres.execute(Files.readString(Readme.REPOSITORY.resolve("sql/database/target.sql")));
    role = ImporterRole.create(postgres);
  }

  @AfterAll
  static void stop() {
    postgres.close();
    kafka.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    postgres.execute("TRUNCATE dest_table_fdw");
    postgres.execute("DROP SCHEMA IF EXISTS kafka_import CASCADE");
  }

  @Test
  void theExampleImports() throws Exception {
    Path script =
        Files.writeString(
            directory.resolve("example.sql"), readme.codeWith("'connector' = 'cloudberry'"));
    run(Stream.of("--sql", script.toString()));
    assertImported();
  }

  @Test
  void theScriptImports() throws Exception {
    run(arguments("flink run -d jobs", "--sql"));
    assertImported();
  }

  @Test
  void theThreeArgumentsImport() throws Exception {
    run(arguments("--source kafka_test", "--source"));
    assertImported();
    assertThat(query(readme.codeWith("kafka_import.progress"))).isEqualTo("public.dest_table_fdw");
  }

  @Test
  void aRoleThatMayNotCreateTheLedgerUsesTheOneOfAnOwner() throws Exception {
    String database = query("SELECT current_database()");
    postgres.execute("REVOKE CREATE ON DATABASE %s FROM %s".formatted(database, role.name()));
    try {
      String ledger =
          Files.readString(Readme.REPOSITORY.resolve("sql/database/ledger_postgresql.sql"));
      postgres.execute(ledger);
      List<String> grants =
          ledger
              .lines()
              .filter(line -> line.startsWith("--   GRANT"))
              .map(line -> line.substring("--".length()))
              .toList();
      assertThat(grants).hasSize(2);
      postgres.execute(String.join("\n", grants));

      run(arguments("--source kafka_test", "--source"));
      assertImported();
    } finally {
      postgres.execute("GRANT CREATE ON DATABASE %s TO %s".formatted(database, role.name()));
    }
  }

  private static void assertImported() throws SQLException {
    assertThat(query("SELECT count(*) || ' ' || sum(some_int) FROM dest_table_fdw"))
        .isEqualTo("2 85");
  }

  /** The arguments of one of the README's commands, with the files where this test finds them. */
  private static Stream<String> arguments(String beginning, String option) {
    String command =
        readme.code().stream()
            .filter(block -> block.contains(beginning) && block.contains(option))
            .filter(block -> !block.contains(" -s "))
            .findFirst()
            .orElseThrow();
    Matcher program = PROGRAM.matcher(command);
    assertThat(program.find()).isTrue();
    return Arrays.stream(program.group(1).replace("\\\n", " ").strip().split("\\s+"))
        .map(word -> word.startsWith("sql/") ? Readme.REPOSITORY.resolve(word).toString() : word);
  }

  /** In batch mode, so that it ends. */
  private void run(Stream<String> arguments) throws IOException {
    Configuration configuration = new Configuration();
    configuration.setString("execution.checkpointing.dir", directory.toUri().toString());
    configuration.setString("kafka.bootstrap.servers", kafka.bootstrapServers());
    configuration.setString("cloudberry.url", postgres.url());
    configuration.setString("cloudberry.username", role.name());
    configuration.setString(
        "cloudberry.password-file",
        Files.writeString(directory.resolve("password"), role.password()).toString());
    List<String> line = new ArrayList<>(List.of("--set", "execution.runtime-mode=batch"));
    arguments.forEach(line::add);
    StringWriter err = new StringWriter();
    int exitCode =
        ImportJob.run(
            configuration,
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            line.toArray(String[]::new));
    assertThat(exitCode).as(err.toString()).isZero();
  }

  private static String query(String sql) {
    return postgres.query(sql).get(0);
  }
}

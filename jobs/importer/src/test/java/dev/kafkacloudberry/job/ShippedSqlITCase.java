package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code sql/} as they are shipped, from a Kafka broker into a PostgreSQL. */
@Timeout(120)
class ShippedSqlITCase {

  private static final Path SQL = Path.of("../../sql");

  private static KafkaBroker broker;
  private static PostgresServer database;

  @TempDir private Path directory;

  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws SQLException, IOException {
    broker = KafkaBroker.start();
    broker.createTopic("contrib_regress_csv", 4);
    broker.createTopic("contrib_regress_json", 4);
    broker.produce(
        "contrib_regress_csv",
        List.of(
            Message.of("42,some text,2024-01-31,2024-01-31 12:34:56.123456").to(0),
            Message.of("-1,\"a, \"\"b\"\"; 文\uD83D\uDE00\",0001-01-01,9999-12-31 23:59:59.999999")
                .to(1),
            Message.of("0,,1969-12-31,1970-01-01 00:00:00").to(3),
            Message.of(",\"\",,").to(3),
            Message.of("7,\"a quote that does not end,,").to(1),
            Message.of("seven,x,2024-02-30,").to(2),
            Message.of(new byte[] {'8', ',', (byte) 0xe9}).to(3),
            Message.of("9,nine").to(3)));
    broker.produce(
        "contrib_regress_json",
        List.of(
            Message.of(
                    """
                    {"some_int":42,"some_text":"some text","some_date":"2024-01-31","some_time":"2024-01-31 12:34:56.123456"}""")
                .to(0),
            Message.of(
                    """
                    {"some_time":"9999-12-31T23:59:59.999999","some_text":"","some_int":null}""")
                .to(2),
            Message.of("{\"some_int\":42,").to(0),
            Message.of("{\"some_int\":\"9\",\"more\":[]}").to(0)));
    database = PostgresServer.start();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(SQL.resolve("database/target.sql")));
      statement.execute(Files.readString(SQL.resolve("database/keyed_target.sql")));
    }
  }

  @AfterAll
  static void stop() {
    try (KafkaBroker first = broker;
        PostgresServer second = database) {
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
    }
  }

  @Test
  void theCsvImportKeepsEveryValue() throws Exception {
    assertThat(importInto("tables/kafka_test_csv.sql", "jobs/import_csv.sql"))
        .containsExactlyInAnyOrder(
            "42|some text|2024-01-31|2024-01-31 12:34:56.123456",
            "-1|a, \"b\"; 文\uD83D\uDE00|0001-01-01|9999-12-31 23:59:59.999999",
            "0|null|1969-12-31|1970-01-01 00:00:00",
            "null||null|null",
            "9|nine|null|null");
    assertThat(rejects("contrib_regress_csv"))
        .containsExactly(
            "1|1|7,\"a quote that does not end,,|a quoted field does not end; it begins at byte 2",
            "2|0|seven,x,2024-02-30,|column some_int: 'seven' is not an integer; column some_date:"
                + " '2024-02-30' is not a DATE: there is no such day",
            "3|2|8,\\351|byte 2, 0xe9, is not valid UTF-8");
  }

  @Test
  void theJsonImportKeepsEveryValueAndRunAgainLoadsOnlyWhatIsNew() throws Exception {
    assertThat(importInto("tables/kafka_test_json.sql", "jobs/import_json.sql"))
        .containsExactlyInAnyOrder(
            "42|some text|2024-01-31|2024-01-31 12:34:56.123456",
            "null||null|9999-12-31 23:59:59.999999",
            "9|null|null|null");
    List<String> rejects = rejects("contrib_regress_json");
    assertThat(rejects)
        .containsExactly(
            "0|1|{\"some_int\":42,|the message is not JSON: the end at byte 15, where a key in quotes"
                + " is expected");

    broker.produce("contrib_regress_json", List.of(Message.of("{\"some_int\":10}").to(1)));
    assertThat(run("tables/kafka_test_json.sql", "jobs/import_json.sql"))
        .hasSize(4)
        .contains("10|null|null|null");
    assertThat(rejects("contrib_regress_json")).isEqualTo(rejects);
  }

  @Test
  void theKeyedImportRunTwiceDoublesNothing() throws Exception {
    Path bounded =
        Files.writeString(
            directory.resolve("bounded.sql"),
            "SET 'execution.runtime-mode' = 'streaming';"
                + "ALTER TABLE kafka_test SET ('scan.bounded.mode' = 'latest-offset');");
    String[] job = {
      "--tables", shipped("tables/kafka_test_csv.sql"),
      "--tables", shipped("tables/dest_table_keyed.sql"),
      "--tables", address("dest_table_keyed"),
      "--tables", bounded.toString(),
      "--sql", shipped("jobs/import_keyed.sql")
    };
    run(job);
    List<String> once = rows("SELECT * FROM dest_table_keyed");
    run(job);

    assertThat(once)
        .hasSize(8)
        .contains(
            "0|0|42|some text|2024-01-31|2024-01-31 12:34:56.123456|null|null",
            "3|1|null||null|null|null|null",
            "3|2|null|null|null|null|\\x382ce9|byte 2, 0xe9, is not valid UTF-8");
    assertThat(rows("SELECT * FROM dest_table_keyed")).containsExactlyInAnyOrderElementsOf(once);
  }

  /** Runs a job in batch mode, so that it ends, into an empty database. */
  private List<String> importInto(String source, String job) throws Exception {
    execute("TRUNCATE dest_table_fdw");
    execute("DROP SCHEMA IF EXISTS kafka_import CASCADE");
    return run(source, job);
  }

  private List<String> run(String source, String job) throws Exception {
    run(
        "--tables",
        shipped(source),
        "--tables",
        shipped("tables/dest_table_fdw.sql"),
        "--sql",
        shipped(job),
        "--set",
        "execution.runtime-mode=batch");
    return rows("SELECT * FROM dest_table_fdw");
  }

  private void run(String... arguments) {
    int exitCode =
        ImportJob.run(
            configuration(), new PrintWriter(new StringWriter()), new PrintWriter(err), arguments);
    assertThat(exitCode).as(err.toString()).isZero();
  }

  /** What stands in Flink's configuration, so that the files need not say it. */
  private Configuration configuration() {
    return Configuration.fromMap(
        Map.of(
            "kafka.bootstrap.servers", broker.bootstrapServers(),
            "cloudberry.url", database.url(),
            "cloudberry.username", database.username(),
            "cloudberry.password", database.password(),
            "execution.checkpointing.dir", directory.toUri().toString()));
  }

  private String address(String table) throws IOException {
    return Files.writeString(
            directory.resolve("address.sql"),
            "ALTER TABLE %s SET ('url' = '%s', 'username' = '%s', 'password' = '%s');"
                .formatted(table, database.url(), database.username(), database.password()))
        .toString();
  }

  private static List<String> rejects(String topic) throws SQLException {
    return rows(
        """
        SELECT "partition", "offset", encode(message, 'escape'), error
          FROM kafka_import.open_rejects
         WHERE topic = '%s'
         ORDER BY "partition", "offset"
        """
            .formatted(topic));
  }

  private static String shipped(String file) {
    return SQL.resolve(file).toString();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> rows(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(found.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}

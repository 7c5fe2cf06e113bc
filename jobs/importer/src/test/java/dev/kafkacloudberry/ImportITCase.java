package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.job.ImportJob;
import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files under sql/, run as they are shipped. */
class ImportITCase {

  private static final Path SQL = Path.of("../../sql");

  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static FlinkCluster flink;

  @BeforeAll
  static void start() throws Exception {
    kafka = KafkaBroker.start();
    postgres = PostgresServer.start();
    flink = FlinkCluster.start(2, 2);
    execute(Files.readString(SQL.resolve("database/target.sql")));
  }

  @AfterAll
  static void stop() {
    flink.close();
    postgres.close();
    kafka.close();
  }

  @Test
  void importsCsvMessagesInBatchMode() throws Exception {
    kafka.createTopic("contrib_regress_csv", 4);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      messages.add(
          Message.of(i + ",text " + i + ",2024-01-31,2024-01-31 12:34:56.123456").to(i % 4));
    }
    kafka.produce("contrib_regress_csv", messages);

    run(
        "--set",
        "execution.runtime-mode=batch",
        "--tables",
        SQL.resolve("tables/kafka_test_csv.sql").toString(),
        "--tables",
        SQL.resolve("tables/dest_table_fdw.sql").toString(),
        "--sql",
        SQL.resolve("jobs/import_csv.sql").toString());

    assertThat(query("SELECT count(*) || ' ' || count(DISTINCT some_int) FROM dest_table_fdw"))
        .isEqualTo("1000 1000");
    assertThat(query("SELECT rows FROM kafka_import.progress")).isEqualTo("1000");
  }

  private static void run(String... args) throws Exception {
    Configuration configuration = flink.clientConfiguration();
    configuration.setString("execution.attached", "true");
    configuration.setString("kafka.bootstrap.servers", kafka.bootstrapServers());
    configuration.setString("cloudberry.url", postgres.url());
    configuration.setString("cloudberry.username", postgres.username());
    configuration.setString("cloudberry.password", postgres.password());
    StringWriter err = new StringWriter();
    int exitCode =
        ImportJob.run(configuration, new PrintWriter(System.out), new PrintWriter(err), args);
    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
  }

  private static void execute(String sql) throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String sql) throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}

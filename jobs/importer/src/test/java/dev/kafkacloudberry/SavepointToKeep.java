package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/**
 * Makes the savepoint of this build that {@link EarlierBuildITCase} restores in later ones. No test
 * of the build, whose name therefore does not end like one; run it before each release, and
 * whenever the state has changed on purpose, and commit the folder that it writes:
 *
 * <pre>./mvnw verify -pl jobs/importer -am -Dtest=none -Dit.test=SavepointToKeep \
 *   -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false</pre>
 */
class SavepointToKeep {

  private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
  private static final Path JAR =
      REPOSITORY.resolve("jobs/importer/target/kafka-cloudberry-importer.jar");
  private static final Pattern JOB = Pattern.compile("JobID (\\p{XDigit}{32})");
  private static final Pattern SAVEPOINT = Pattern.compile("(file:\\S+/savepoint-[\\w-]+)");

  @Test
  void keepTheSavepointOfThisBuild() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.start();
        PostgresServer postgres = PostgresServer.start();
        FlinkSession flink = session(kafka, postgres)) {
      flink.startTaskManager();
      kafka.createTopic(KeptSavepoint.TOPIC, KeptSavepoint.PARTITIONS);
      query(postgres, "CREATE TABLE orders (n int, t text)");
      FlinkSession.Outcome started =
          flink.flink("run", "-d", JAR.toString(), "--sql", KeptSavepoint.IMPORT.toString());
      produce(kafka, 0, 100);
      awaitRows(postgres, 100);
      // These are committed by the stop.
      produce(kafka, 100, KeptSavepoint.MESSAGES);
      String stopped = flink.flink("stop", found(JOB, started.output())).output();
      awaitRows(postgres, KeptSavepoint.MESSAGES);

      try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
        KeptSavepoint.keep(
            "savepoint-" + LocalDate.now(),
            Path.of(URI.create(found(SAVEPOINT, stopped))),
            admin
                .describeTopics(List.of(KeptSavepoint.TOPIC))
                .allTopicNames()
                .get()
                .get(KeptSavepoint.TOPIC)
                .topicId(),
            ledger(postgres));
      }
    }
  }

  private static FlinkSession session(KafkaBroker kafka, PostgresServer postgres) {
    return new FlinkSession(
        List.of(REPOSITORY.resolve("jobs/flink-home/target/lib")),
        REPOSITORY.resolve("flink-conf"),
        Map.of(
            "kafka.bootstrap.servers", kafka.bootstrapServers(),
            "cloudberry.url", postgres.url(),
            "cloudberry.username", postgres.username(),
            "cloudberry.password", postgres.password(),
            "parallelism.default", "2"));
  }

  private static void produce(KafkaBroker kafka, int from, int to) {
    kafka.produce(
        KeptSavepoint.TOPIC,
        IntStream.range(from, to)
            .mapToObj(n -> Message.of(n + ",message " + n).to(n % KeptSavepoint.PARTITIONS))
            .toList());
  }

  private static void awaitRows(PostgresServer postgres, int count) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(query(postgres, "SELECT count(*) FROM orders"))
                    .containsExactly(String.valueOf(count)));
  }

  /** The statements that make the ledger what it is. */
  private static List<String> ledger(PostgresServer postgres) throws Exception {
    List<String> statements = new ArrayList<>();
    for (String table : List.of("kafka_import.commits", "kafka_import.offsets")) {
      statements.addAll(
          query(
              postgres,
              "SELECT format('INSERT INTO %1$s SELECT * FROM json_populate_record(NULL::%1$s, %%L);', row_to_json(r)) FROM %1$s r"
                  .formatted(table)));
    }
    return statements;
  }

  private static String found(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    assertThat(matcher.find()).as(output).isTrue();
    return matcher.group(1);
  }

  private static List<String> query(PostgresServer postgres, String sql) throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      List<String> values = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            values.add(row.getString(1));
          }
        }
      }
      return values;
    }
  }
}

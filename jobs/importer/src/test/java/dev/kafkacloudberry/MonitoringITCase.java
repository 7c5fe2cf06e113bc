package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.PromQl.Selector;
import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the dashboard and the alerts ask for, and what a running import tells. */
@Timeout(120)
class MonitoringITCase {

  private static final Path REPOSITORY = Readme.REPOSITORY.toAbsolutePath().normalize();
  private static final String TOPIC = "contrib_regress_csv";
  private static final int ROWS = 100;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** What Prometheus itself knows of those that it asks. */
  private static final String UP = "up";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static List<Integer> ports;
  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static FlinkSession flink;
  private static Instant started;
  private static Exposition told;

  @BeforeAll
  static void start() throws Exception {
    ports = freePorts();
    kafka = KafkaBroker.start();
    postgres = PostgresServer.start();
    flink =
        new FlinkSession(
            List.of(REPOSITORY.resolve("jobs/flink-home/target/lib")),
            REPOSITORY.resolve("flink-conf"),
            Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "cloudberry.url", postgres.url(),
                "cloudberry.username", postgres.username(),
                "cloudberry.password", postgres.password(),
                "metrics.reporter.prom.port", ports.get(0) + "," + ports.get(1)));
    flink.startTaskManager();
    started = Instant.now();
    runImport();
    // Flink's reporter goes over its histograms without a lock: an answer that meets a new one
    // breaks off, and
    // Prometheus asks again.
    await()
        .atMost(SOON)
        .ignoreExceptionsMatching(failure -> failure.getCause() instanceof IOException)
        .until(() -> scrape().sum("committedRows") == ROWS && isAlsoInACheckpoint(scrape()));
    told = scrape();
  }

  @AfterAll
  static void stop() {
    flink.close();
    postgres.close();
    kafka.close();
  }

  static Stream<String> queries() {
    return Stream.concat(MonitoringFiles.dashboard().stream(), MonitoringFiles.alerts().stream());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void whatAQueryNamesIsThere(String query) {
    PromQl parsed = PromQl.parse(query);
    List<Selector> selectors =
        parsed.selectors().stream().filter(selector -> !selector.metric().equals(UP)).toList();
    assertThat(parsed.selectors()).isNotEmpty();
    assertThat(selectors).allMatch(selector -> selected(selector).findAny().isPresent());
    assertThat(selectors.stream().flatMap(MonitoringITCase::selected))
        .allMatch(sample -> sample.labels().keySet().containsAll(parsed.grouping()));
  }

  private static Stream<Exposition.Sample> selected(Selector selector) {
    return told.samples().stream().filter(selector::selects);
  }

  @Test
  void theMetricsTellWhatHappened() {
    assertThat(told.sum("committedRejects")).isEqualTo(1);
    assertThat(told.sum("pendingRecords")).isZero();
    assertThat(told.sum("numRestarts")).isZero();
    assertThat(told.sum("settledBytes")).isPositive().isEqualTo(told.sum("numBytesSend"));
    assertThat(told.sum("lastCommitDurationMs")).isPositive();
    for (String time : List.of("lastCommitTime", "lastCheckpointCompletedTimestamp")) {
      assertThat(told.sum(time))
          .as(time)
          .isBetween((double) started.toEpochMilli(), (double) Instant.now().toEpochMilli());
    }
  }

  private static boolean isAlsoInACheckpoint(Exposition exposition) {
    return exposition.sum("lastCheckpointCompletedTimestamp") > 0;
  }

  private static void runImport() throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(REPOSITORY.resolve("sql/database/target.sql")));
    }
    kafka.createTopic(TOPIC, 2);
    kafka.produce(
        TOPIC,
        IntStream.range(0, ROWS)
            .mapToObj(n -> Message.of(n + ",text,2024-01-31,").to(n % 2))
            .toList());
    kafka.produce(TOPIC, Message.of("this is no number").to(0));
    FlinkSession.Outcome outcome =
        flink.flink(
            "run",
            "-d",
            REPOSITORY.resolve("jobs/importer/target/kafka-cloudberry-importer.jar").toString(),
            "--tables",
            REPOSITORY.resolve("sql/tables/kafka_test_csv.sql").toString(),
            "--tables",
            REPOSITORY.resolve("sql/tables/dest_table_fdw.sql").toString(),
            "--sql",
            REPOSITORY.resolve("sql/jobs/import_csv.sql").toString());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }

  /** One for each process; the shipped ones may be taken by another cluster on this machine. */
  private static List<Integer> freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket other = new ServerSocket(0)) {
      return List.of(one.getLocalPort(), other.getLocalPort());
    }
  }

  private static Exposition scrape() {
    return Exposition.parse(ports.stream().map(MonitoringITCase::page));
  }

  private static String page(int port) {
    URI uri = URI.create("http://localhost:%d/metrics".formatted(port));
    try {
      return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new IllegalStateException(uri + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

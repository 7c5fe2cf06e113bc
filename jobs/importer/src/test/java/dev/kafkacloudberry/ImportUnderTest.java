package dev.kafkacloudberry;

import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;

/**
 * An import of a topic of its own, with messages that are all different, into a table of its own.
 */
final class ImportUnderTest {

  static final Duration SOON = Duration.ofSeconds(30);

  /** Checkpoints when the test takes them; without the pause there is one after each restart. */
  static final Map<String, String> BY_HAND =
      Map.of("execution.checkpointing.interval", "1 h", "execution.checkpointing.min-pause", "1 h");

  private static final int PARTITIONS = 4;

  private final ImportFixture fixture;
  private final String name;
  private final List<String> produced = new ArrayList<>();

  ImportUnderTest(ImportFixture fixture, String name) {
    this.fixture = fixture;
    this.name = name;
    fixture.kafka().createTopic(name, PARTITIONS);
    fixture.execute("CREATE TABLE %s (n int, t text)".formatted(name));
  }

  /** The target table, the topic and the schema of the ledger. */
  String name() {
    return name;
  }

  /** The tables of the script, {@code source} and {@code target}. */
  String declarations(String... options) {
    return """
    CREATE TABLE source (n INT, t STRING) WITH (
      'connector' = 'kafka-partitioned', 'topic' = '%1$s', 'format' = 'csv');
    CREATE TABLE target (n INT, t STRING) WITH (
      'connector' = 'cloudberry', 'table-name' = '%1$s', 'ledger.schema' = '%1$s',
      'sink.staging.dir' = '%2$s', 'sink.retry.first-backoff' = '50 ms',
      'sink.retry.longest-backoff' = '200 ms', 'sink.lock-timeout' = '1 s'%3$s);
    """
        .formatted(
            name,
            staging().toUri(),
            Stream.of(options).reduce("", (left, right) -> left + ", " + right));
  }

  /**
   * The same tables with the place of each row in Kafka: {@code topic}, {@code part}, {@code offs}.
   */
  String guarded(String... options) {
    return declarations(options)
        .replace(
            "source (n INT, t STRING)",
            "source (n INT, t STRING, topic STRING METADATA VIRTUAL,"
                + " part INT METADATA FROM 'partition' VIRTUAL,"
                + " offs BIGINT METADATA FROM 'offset' VIRTUAL)")
        .replace(
            "target (n INT, t STRING)",
            "target (n INT, t STRING, topic STRING METADATA,"
                + " part INT METADATA FROM 'partition',"
                + " offs BIGINT METADATA FROM 'offset')");
  }

  /** Starts the import, as a job that goes on when this returns. */
  JobID start(Map<String, String> overrides, String... options) {
    return start(declarations(options) + "INSERT INTO target SELECT n, t FROM source;", overrides);
  }

  JobID start() {
    return start(Map.of());
  }

  JobID start(String sql, Map<String, String> overrides) {
    ImportFixture.Outcome outcome = fixture.run(sql, overrides);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.jobs()).hasSize(1);
    return outcome.jobs().get(0);
  }

  /** As an owner would, so that the job's first transaction is a commit. */
  void createLedger() {
    fixture.createLedger(name);
  }

  /** Sends messages like none before. */
  void produce(int count) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(next());
    }
    fixture.kafka().produce(name, messages);
  }

  /** A message like none before, which the caller sends. */
  Message next() {
    int n = produced.size();
    String message = n + ",message " + n;
    produced.add(message);
    return Message.of(message).to(n % PARTITIONS);
  }

  /** Waits until the table holds each message once. */
  void awaitExactlyOnce() {
    await().atMost(SOON).untilAsserted(() -> assertThat(rows()).isEqualTo(sorted(produced)));
    assertExactlyOnce();
  }

  /** Waits until a job that has restored nothing has read every message. */
  void awaitRead(JobID job) {
    await()
        .atMost(SOON)
        .until(
            () ->
                fixture.rest().metric(job, "source", "numRecordsOut").stream()
                    .anyMatch(rows -> rows == produced.size()));
  }

  /** Takes checkpoints until the table holds each message once. */
  void checkpointUntilExactlyOnce(JobID job) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              fixture.flink().triggerCheckpoint(job);
              assertThat(rows()).isEqualTo(sorted(produced));
            });
    assertExactlyOnce();
  }

  /** The table and the ledger say the same: each message once. */
  void assertExactlyOnce() {
    assertThat(rows()).isEqualTo(sorted(produced));
    assertThat(fixture.query("SELECT coalesce(sum(rows), 0) FROM %s.commits".formatted(name)))
        .containsExactly(String.valueOf(produced.size()));
    assertThat(commits()).doesNotHaveDuplicates();
    assertThat(rowsByTransaction()).isEqualTo(rowsByTransactionInLedger());
  }

  /** How many rows each transaction stored; PostgreSQL keeps its number with the row. */
  private List<String> rowsByTransaction() {
    return fixture.query(
        "SELECT xmin || ' ' || count(*) FROM %s GROUP BY xmin ORDER BY xmin::text".formatted(name));
  }

  /** How many rows each transaction says it stored, in its one row of the ledger. */
  private List<String> rowsByTransactionInLedger() {
    return fixture.query(
        "SELECT xmin || ' ' || rows FROM %s.commits WHERE rows > 0 ORDER BY xmin::text"
            .formatted(name));
  }

  /** Ends the job with a savepoint; then everything is committed, and nothing comes any more. */
  Path stopAndAssertExactlyOnce(JobID job) {
    fixture.flink().awaitRunning(job);
    Path savepoint = fixture.flink().stopWithSavepoint(job, fixture.flink().directory());
    assertExactlyOnce();
    return savepoint;
  }

  /** The ids in the ledger, the oldest first. */
  List<String> commits() {
    return fixture.query("SELECT commit_id FROM %s.commits ORDER BY committed_at".formatted(name));
  }

  /** The table's rows, sorted as strings. */
  List<String> rows() {
    return sorted(fixture.query("SELECT n || ',' || t FROM %s".formatted(name)));
  }

  /** The folder in which this import alone stages rows. */
  Path staging() {
    return fixture.flink().directory().resolve("staging-" + name);
  }

  /** What lies in the staging folder now, without the folders themselves. */
  List<Path> stagedFiles() {
    if (!Files.exists(staging())) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(staging())) {
      return List.copyOf(files.filter(Files::isRegularFile).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds to the staged files what a process leaves that is killed and closes nothing. */
  Path leaveUnlistedFile() {
    try {
      return Files.writeString(
          stagedFiles().get(0).resolveSibling("1-0123abcd-0.rows"), "half a row");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The staged rows that were never handed to a checkpoint. */
  List<Path> unlistedFiles() {
    Map<Boolean, List<Path>> files =
        stagedFiles().stream().collect(partitioningBy(ImportUnderTest::isManifest));
    Set<String> listed = new HashSet<>();
    for (Path manifest : files.get(true)) {
      try {
        listed.addAll(Files.readAllLines(manifest));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files.get(false).stream()
        .filter(file -> !listed.contains(file.getFileName().toString()))
        .toList();
  }

  private static boolean isManifest(Path file) {
    return file.toString().endsWith(".manifest");
  }

  private static List<String> sorted(List<String> rows) {
    return rows.stream().sorted().toList();
  }
}

package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Imports whose state is not what the table holds: the ledger's ranges make up for it. */
@Timeout(120)
class ReplayITCase {

  private static final String INSERT =
      "INSERT INTO target SELECT n, t, topic, part, offs FROM source";

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private ImportUnderTest imported;

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
  }

  @Test
  void aStartFromAnOlderSavepointLoadsNothingTwice() {
    imported.produce(200);
    JobID job = start(Map.of());
    imported.awaitExactlyOnce();
    Path older = flink().triggerSavepoint(job, flink().directory());
    imported.produce(300);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
    imported.produce(100);

    JobID restored = start(from(older));

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(restored);
    assertThat(skipped()).isEqualTo(300);
  }

  @Test
  void aStartFromNoStateLoadsNothingTwice() {
    imported.produce(200);
    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));
    imported.produce(100);

    JobID anew = startAndAwait(Map.of());

    imported.stopAndAssertExactlyOnce(anew);
    assertThat(skipped()).isEqualTo(200);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @Test
  void aSavepointThatIsRestoredTwiceLoadsNothingTwice() {
    imported.produce(200);
    JobID job = start(Map.of());
    imported.awaitExactlyOnce();
    Path savepoint = imported.stopAndAssertExactlyOnce(job);

    for (int time = 0; time < 2; time++) {
      imported.produce(100);
      imported.stopAndAssertExactlyOnce(startAndAwait(from(savepoint)));
    }

    assertThat(skipped()).isEqualTo(100);
  }

  @Test
  void ofTwoJobsAtOnceOneEndsAndNothingIsLoadedTwice() {
    imported.produce(200);
    JobID one = startAndAwait(Map.of("parallelism.default", "1"));
    JobID other = start(Map.of("parallelism.default", "1"));
    flink().awaitRunning(other);

    await()
        .atMost(SOON)
        .until(
            () -> {
              imported.produce(20);
              return isOver(one) || isOver(other);
            });

    JobID ended = isOver(one) ? one : other;
    JobID left = ended == one ? other : one;
    imported.awaitExactlyOnce();
    assertThat(flink().status(ended)).isEqualTo(JobStatus.FAILED);
    assertThat(failure(ended))
        .contains(
            "topic '" + imported.name() + "'",
            "partition",
            left.toHexString(),
            "'sink.id'",
            "'public." + imported.name() + "'");
    imported.produce(50);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(left);
  }

  @Test
  void anEarlierOffsetToStartFromLoadsNothingTwice() {
    imported.produce(200);
    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));
    imported.produce(100);

    JobID rewound =
        start(
            Map.of(),
            "INSERT INTO target SELECT n, t, topic, part, offs FROM source"
                + " /*+ OPTIONS('scan.startup.mode' = 'specific-offsets', 'scan.startup.specific-offsets'"
                + " = 'partition:0,offset:10;partition:1,offset:50;partition:2,offset:0;partition:3,offset:49') */");

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(rewound);
    assertThat(skipped()).isEqualTo(40 + 0 + 50 + 1);
  }

  @Test
  void anEarlierOffsetThanTheFirstRunBeganWithLoadsNothingTwice() {
    imported.produce(200);
    JobID fromTheMiddle =
        start(
            Map.of(),
            "INSERT INTO target SELECT n, t, topic, part, offs FROM source"
                + " /*+ OPTIONS('scan.startup.mode' = 'specific-offsets', 'scan.startup.specific-offsets'"
                + " = 'partition:0,offset:10;partition:1,offset:20;partition:2,offset:30;partition:3,offset:49') */");
    int loaded = 40 + 30 + 20 + 1;
    awaitRows(loaded);
    stop(fromTheMiddle);
    imported.produce(100);

    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));
    assertThat(skipped()).isEqualTo(loaded);
  }

  @Test
  void gapsAreFine() {
    Map<String, Object> transactional = Map.of("transactional.id", imported.name());
    try (Producer<byte[], byte[]> producer = FIXTURE.kafka().producer(transactional)) {
      producer.initTransactions();
      for (int time = 0; time < 2; time++) {
        for (boolean commit : new boolean[] {true, false, true}) {
          producer.beginTransaction();
          for (int i = 0; i < 20; i++) {
            Message message = commit ? imported.next() : Message.of("-1,aborted").to(i % 4);
            producer.send(
                new ProducerRecord<>(imported.name(), message.partition(), null, message.value()));
          }
          if (commit) {
            producer.commitTransaction();
          } else {
            producer.abortTransaction();
          }
        }
        JobID job =
            start(
                Map.of(),
                INSERT
                    + " /*+ OPTIONS('properties.isolation.level' = 'read_committed') */"
                    + " WHERE n >= 0");
        imported.awaitExactlyOnce();
        imported.stopAndAssertExactlyOnce(job);
      }
    }
    assertThat(skipped()).isEqualTo(40);
  }

  @Test
  void rowsMayBeShuffledAmongWriters() {
    imported.produce(400);
    Map<String, String> shuffled =
        Map.of("parallelism.default", "1", "execution.checkpointing.interval", "50 ms");
    imported.stopAndAssertExactlyOnce(startAndAwait(shuffled, "'sink.parallelism' = '3'"));
    imported.produce(400);

    JobID anew = startAndAwait(shuffled, "'sink.parallelism' = '2'");

    for (int i = 0; i < 10; i++) {
      imported.produce(40);
    }
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(anew);
    assertThat(skipped()).isEqualTo(400);
  }

  @Test
  void aMessageMayMakeSeveralRows() {
    String several =
        "INSERT INTO target SELECT n, t || ' ' || x, topic, part, offs FROM source"
            + " CROSS JOIN UNNEST(ARRAY['a', 'b', 'c']) AS each_ (x)";
    FIXTURE.kafka().produce(imported.name(), numbers(0, 50));
    JobID job = start(Map.of(), several);
    awaitRows(150);
    stop(job);
    FIXTURE.kafka().produce(imported.name(), numbers(50, 70));

    JobID anew = start(Map.of(), several);

    awaitRows(210);
    stop(anew);
    assertThat(FIXTURE.query("SELECT count(DISTINCT t) FROM " + imported.name()))
        .containsExactly("210");
    assertThat(skipped()).isEqualTo(150);
  }

  @Test
  void rowsOfNoSinglePlaceAreNotGuarded() {
    imported.produce(100);
    for (int time = 1; time <= 2; time++) {
      JobID job =
          start(
              Map.of("execution.runtime-mode", "batch"),
              "INSERT INTO target (n, t) SELECT CAST(count(*) AS INT), 'all' FROM source");
      assertThat(flink().awaitEnd(job, SOON).isSuccess()).isTrue();
      assertThat(imported.rows()).hasSize(time).containsOnly("100,all");
    }
    assertThat(FIXTURE.query("SELECT count(*) FROM %s.offsets".formatted(imported.name())))
        .containsExactly("0");
  }

  @Test
  void aBatchIsGuardedToo() {
    for (int time = 0; time < 3; time++) {
      imported.produce(50);
      JobID job = start(Map.of("execution.runtime-mode", "batch"));
      assertThat(flink().awaitEnd(job, SOON).isSuccess()).isTrue();
      imported.assertExactlyOnce();
    }
    assertThat(skipped()).isEqualTo(50 + 100);
  }

  @Test
  void aQueryThatHoldsRowsBackIsCaughtAtTheFirstOfThem() {
    String other = imported.name() + "_other";
    FIXTURE.kafka().createTopic(other, 1);
    String sql =
        imported.guarded()
            + """
            CREATE TABLE other (m INT, later AS PROCTIME()) WITH (
              'connector' = 'kafka-partitioned', 'topic' = '%s', 'format' = 'csv');
            CREATE VIEW timed AS SELECT *, PROCTIME() AS now_ FROM source;
            INSERT INTO target SELECT n, t, topic, part, offs FROM timed JOIN other
              ON n = m AND later BETWEEN now_ - INTERVAL '1' HOUR AND now_ + INTERVAL '1' HOUR;
            """
                .formatted(other);
    imported.produce(40);
    FIXTURE.kafka().produce(other, matches(20, 40));
    JobID job =
        imported.start(
            sql,
            Map.of(
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION"));
    awaitRows(20);
    flink().triggerCheckpoint(job);
    FIXTURE.kafka().produce(other, matches(0, 20));

    await().atMost(SOON).until(() -> isOver(job));

    assertThat(flink().status(job)).isEqualTo(JobStatus.FAILED);
    assertThat(failure(job))
        .contains("holds rows back", "topic '" + imported.name() + "'", "offset 0");
    assertThat(imported.rows()).hasSize(20);

    Path checkpoint = flink().latestCheckpoint(job).orElseThrow();
    JobID restored = imported.start(sql, from(checkpoint));
    await().atMost(SOON).until(() -> isOver(restored));

    assertThat(failure(restored)).contains("holds rows back");
    assertThat(imported.rows()).hasSize(20);
  }

  @Test
  void aTopicThatIsCreatedAgainIsLoadedWhenThatIsAccepted() {
    imported.produce(100);
    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));
    FIXTURE.kafka().deleteTopic(imported.name());
    FIXTURE.kafka().createTopic(imported.name(), 4);
    imported.produce(60);

    JobID refused = start(Map.of());
    await().atMost(SOON).until(() -> isOver(refused));
    assertThat(failure(refused))
        .contains("deleted and created again", "'sink.on-topic-change' = 'accept'");

    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of(), "'sink.on-topic-change' = 'accept'"));
    imported.produce(40);
    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));
    assertThat(skipped()).isEqualTo(60);
    assertThat(
            FIXTURE.query(
                "SELECT count(DISTINCT topic_id) FROM %s.offsets".formatted(imported.name())))
        .containsExactly("2");
  }

  @Test
  void anotherSinkIdLoadsAgainOnPurpose() {
    imported.produce(50);
    imported.stopAndAssertExactlyOnce(startAndAwait(Map.of()));

    JobID again =
        start(
            Map.of(),
            "INSERT INTO target /*+ OPTIONS('sink.id' = 'again') */"
                + " SELECT n, t, topic, part, offs FROM source");

    awaitRows(100);
    stop(again);
    assertThat(skipped()).isZero();
  }

  @Test
  void barriersThatOvertakeRowsAreRefused() {
    ImportFixture.Outcome outcome =
        FIXTURE.run(
            imported.guarded() + INSERT + ";",
            Map.of("execution.checkpointing.unaligned.enabled", "true"));

    assertThat(outcome.exitCode()).isNotZero();
    assertThat(outcome.err()).contains("execution.checkpointing.unaligned.enabled");
  }

  private static List<Message> matches(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Message.of(String.valueOf(n))).toList();
  }

  private JobID startAndAwait(Map<String, String> overrides, String... options) {
    JobID job = imported.start(imported.guarded(options) + INSERT + ";", overrides);
    imported.awaitExactlyOnce();
    return job;
  }

  private JobID start(Map<String, String> overrides) {
    return start(overrides, INSERT);
  }

  private JobID start(Map<String, String> overrides, String insert) {
    return imported.start(imported.guarded() + insert + ";", overrides);
  }

  private static List<Message> numbers(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(n -> Message.of(n + ",message " + n).to(n % 4))
        .toList();
  }

  private void awaitRows(int count) {
    await().atMost(SOON).until(() -> imported.rows().size() == count);
  }

  private static void stop(JobID job) {
    flink().awaitRunning(job);
    flink().stopWithSavepoint(job, flink().directory());
  }

  private long skipped() {
    return Long.parseLong(
        FIXTURE
            .query("SELECT coalesce(sum(skipped), 0) FROM %s.commits".formatted(imported.name()))
            .get(0));
  }

  private static boolean isOver(JobID job) {
    return flink().status(job).isGloballyTerminalState();
  }

  private static String failure(JobID job) {
    return FIXTURE.rest().page(job, "/exceptions").replace("\\n", "\n");
  }

  private static Map<String, String> from(Path savepoint) {
    return Map.of("execution.state-recovery.path", savepoint.toUri().toString());
  }

  private static FlinkCluster flink() {
    return FIXTURE.flink();
  }
}

package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints that the jars of earlier builds have made on a cluster of real processes, restored by
 * the build under test: that it reads their splits, their sink's state and their committables,
 * finds the operators that these belong to, and goes on with the very next message.
 *
 * <p>Topic and table are made anew with what they held then, and the ledger is the one of then.
 * That the state is what the import goes on with, and not the ledger, shows in that no row is
 * skipped.
 */
@Timeout(120)
class EarlierBuildITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  static List<KeptSavepoint> savepoints() throws IOException {
    return KeptSavepoint.all();
  }

  @ParameterizedTest
  @MethodSource("savepoints")
  void anImportGoesOnFromTheSavepointOfAnEarlierBuild(KeptSavepoint kept) throws Exception {
    FIXTURE.kafka().createTopic(KeptSavepoint.TOPIC, KeptSavepoint.PARTITIONS);
    produce(0, KeptSavepoint.MESSAGES);
    FIXTURE.execute(
        "CREATE TABLE orders AS SELECT n, 'message ' || n AS t FROM generate_series(0, %d) AS n"
            .formatted(KeptSavepoint.MESSAGES - 1));
    FIXTURE.createLedger("kafka_import");
    FIXTURE.execute(kept.ledger(topicId()));
    List<String> commits = FIXTURE.query("SELECT commit_id FROM kafka_import.commits ORDER BY 1");
    Path savepoint = kept.copyFor(topicId(), FIXTURE.flink().directory());
    produce(KeptSavepoint.MESSAGES, 2 * KeptSavepoint.MESSAGES);

    ImportFixture.Outcome started =
        FIXTURE.run(
            Map.of("execution.state-recovery.path", savepoint.toUri().toString()),
            "--sql",
            KeptSavepoint.IMPORT.toString(),
            "--set",
            "execution.checkpointing.interval=200 ms");

    assertThat(started.err()).isEmpty();
    await().atMost(SOON).untilAsserted(EarlierBuildITCase::assertExactlyOnce);
    JobID job = started.jobs().get(0);
    FIXTURE.flink().awaitRunning(job);
    FIXTURE.flink().stopWithSavepoint(job, FIXTURE.flink().directory());
    assertExactlyOnce();
    assertThat(FIXTURE.query("SELECT sum(skipped) FROM kafka_import.commits")).containsExactly("0");
    assertThat(FIXTURE.query("SELECT commit_id FROM kafka_import.commits ORDER BY 1"))
        .containsAll(commits);
    FIXTURE.kafka().deleteTopic(KeptSavepoint.TOPIC);
    FIXTURE.execute("DROP TABLE orders; DROP SCHEMA kafka_import CASCADE");
  }

  private static void assertExactlyOnce() {
    assertThat(FIXTURE.query("SELECT n FROM orders ORDER BY n"))
        .isEqualTo(
            IntStream.range(0, 2 * KeptSavepoint.MESSAGES).mapToObj(String::valueOf).toList());
  }

  private static void produce(int from, int to) {
    FIXTURE
        .kafka()
        .produce(
            KeptSavepoint.TOPIC,
            IntStream.range(from, to)
                .mapToObj(n -> Message.of(n + ",message " + n).to(n % KeptSavepoint.PARTITIONS))
                .toList());
  }

  private static Uuid topicId() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", FIXTURE.kafka().bootstrapServers()))) {
      return admin
          .describeTopics(List.of(KeptSavepoint.TOPIC))
          .allTopicNames()
          .get()
          .get(KeptSavepoint.TOPIC)
          .topicId();
    }
  }
}

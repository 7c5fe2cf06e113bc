package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.BY_HAND;
import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imports that go on from savepoints and from checkpoints that a cancelled job left. */
@Timeout(120)
class SavepointITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private ImportUnderTest imported;

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
    imported.createLedger();
  }

  @Test
  void anImportGoesOnWhereItWasStopped() {
    imported.produce(500);
    JobID stopped = imported.start();
    imported.awaitExactlyOnce();
    Path savepoint = imported.stopAndAssertExactlyOnce(stopped);
    imported.produce(500);

    JobID restored = imported.start(from(savepoint));

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(restored);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 4", "4, 1"})
  void pendingCommitsAreMadeAtAnotherParallelism(String before, String after) {
    imported.produce(500);
    Fault held = FIXTURE.proxy().inject(Moment.before("INSERT INTO"), Action.pause());
    JobID job =
        imported.start(
            Map.of(
                "parallelism.default",
                before,
                "execution.checkpointing.externalized-checkpoint-retention",
                "RETAIN_ON_CANCELLATION"));
    held.awaitFired(SOON);
    Path checkpoint = flink().latestCheckpoint(job).orElseThrow();
    flink().cancel(job);
    FIXTURE.proxy().cutConnections();
    assertThat(imported.rows()).isEmpty();
    imported.produce(500);

    Map<String, String> rescaled = new HashMap<>(from(checkpoint));
    rescaled.put("parallelism.default", after);
    JobID restored = imported.start(rescaled);

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(restored);
    assertThat(imported.unlistedFiles()).isEmpty();
  }

  @Test
  void whatASavepointHoldsIsCommittedOnceHoweverOftenItIsRestored() {
    imported.produce(500);
    JobID job = imported.start(BY_HAND);
    Path savepoint = savepointOfEverything(job);
    assertThat(imported.rows()).isEmpty();
    // The next checkpoint commits what the savepoint holds.
    flink().triggerCheckpoint(job);
    imported.awaitExactlyOnce();
    List<String> commits = imported.commits();
    flink().cancel(job);

    for (int time = 0; time < 2; time++) {
      JobID restored = imported.start(byHandFrom(savepoint));
      // Its first own checkpoint follows on what it restored.
      flink().awaitRunning(restored);
      flink().triggerCheckpoint(restored);
      imported.assertExactlyOnce();
      assertThat(imported.commits()).isEqualTo(commits);
      flink().cancel(restored);
    }

    imported.produce(500);
    JobID restored = imported.start(from(savepoint));
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(restored);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @Test
  void aSavepointOutlivesTheCrashThatFollowsIt() {
    imported.produce(500);
    JobID job = imported.start(BY_HAND);
    Path savepoint = savepointOfEverything(job);
    Path leftover = imported.leaveUnlistedFile();

    // It begins anew, and its writers clean up after their predecessors.
    FIXTURE.replaceTaskManagers();
    await().atMost(SOON).until(() -> Files.notExists(leftover));
    flink().awaitRunning(job);
    flink().cancel(job);
    assertThat(imported.rows()).isEmpty();

    JobID restored = imported.start(from(savepoint));

    imported.awaitExactlyOnce();
    assertThat(imported.commits()).hasSize(1);
    imported.produce(500);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(restored);
    assertThat(imported.unlistedFiles()).isEmpty();
  }

  /** A savepoint that holds the commit of all that was produced; it commits nothing itself. */
  private Path savepointOfEverything(JobID job) {
    flink().awaitRunning(job);
    imported.awaitRead(job);
    return flink().triggerSavepoint(job, flink().directory());
  }

  private static Map<String, String> from(Path savepoint) {
    return Map.of("execution.state-recovery.path", savepoint.toUri().toString());
  }

  private static Map<String, String> byHandFrom(Path savepoint) {
    Map<String, String> overrides = new HashMap<>(from(savepoint));
    overrides.putAll(BY_HAND);
    return overrides;
  }

  private static FlinkCluster flink() {
    return FIXTURE.flink();
  }
}

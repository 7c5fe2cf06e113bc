package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.BY_HAND;
import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports whose TaskManagers, JobManager and database die at the worst moments. */
@Timeout(120)
class CrashITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final Map<String, String> BATCH = Map.of("execution.runtime-mode", "batch");

  private ImportUnderTest imported;

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
  }

  @Test
  void rowsAppearWithTheCheckpoints() {
    imported.produce(100);
    JobID job = imported.start();
    imported.awaitExactlyOnce();

    imported.produce(50);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @Test
  void checkpointsWithoutRowsLeaveTheLedgerAlone() {
    imported.produce(10);
    JobID job = imported.start(BY_HAND);
    FIXTURE.flink().awaitRunning(job);
    imported.checkpointUntilExactlyOnce(job);
    List<String> commits = imported.commits();

    FIXTURE.flink().triggerCheckpoint(job);
    FIXTURE.flink().triggerCheckpoint(job);
    imported.stopAndAssertExactlyOnce(job);
    assertThat(imported.commits()).isEqualTo(commits);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("momentsOfACommit")
  void aTaskManagerDiesInACommit(String name, Moment moment) {
    imported.createLedger();
    imported.produce(2_000);
    Fault fault =
        FIXTURE.proxy().inject(moment, Action.run(FIXTURE::replaceTaskManagers).thenCut());
    JobID job = imported.start();
    fault.awaitFired(SOON);
    awaitRestored(job);

    imported.awaitExactlyOnce();
    imported.produce(100);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
    // A checkpoint that the crash aborted may have listed files; a savepoint might need them.
    assertThat(imported.unlistedFiles()).isEmpty();
  }

  static Stream<Arguments> momentsOfACommit() {
    return Stream.of(
        Arguments.of("before its first statement", Moment.before("SET LOCAL lock_timeout")),
        Arguments.of("before the ledger's row", Moment.before("INSERT INTO")),
        Arguments.of("in the COPY", Moment.afterCopyData(1)),
        Arguments.of("at the end of the COPY", Moment.beforeCopyDone()),
        Arguments.of("between COPY and COMMIT", Moment.beforeCommit()),
        Arguments.of("in doubt", Moment.afterCommit()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("momentsOfACommit")
  void aTaskManagerDiesInTheOneCommitOfABatch(String name, Moment moment) {
    imported.createLedger();
    imported.produce(2_000);
    Fault fault =
        FIXTURE.proxy().inject(moment, Action.run(FIXTURE::replaceTaskManagers).thenCut());
    JobID job = imported.start(BATCH);
    fault.awaitFired(SOON);

    assertThat(end(job).isSuccess()).isTrue();
    imported.assertExactlyOnce();
    assertThat(imported.commits()).hasSize(1);
  }

  @Test
  void aBatchIsOneCommit() {
    imported.produce(1_000);
    assertThat(end(imported.start(BATCH)).isSuccess()).isTrue();
    imported.assertExactlyOnce();
    assertThat(imported.commits()).hasSize(1);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @Test
  void filesOfWritersThatDiedAreRemoved() {
    // Writers open a file once they have a block of rows.
    imported.produce(20_000);
    JobID job = imported.start(BY_HAND);
    await().atMost(SOON).until(() -> imported.stagedFiles().size() >= 2);
    Path leftover = imported.leaveUnlistedFile();

    FIXTURE.replaceTaskManagers();

    await().atMost(SOON).until(() -> Files.notExists(leftover));
    FIXTURE.flink().awaitRunning(job);
    imported.checkpointUntilExactlyOnce(job);
    imported.stopAndAssertExactlyOnce(job);
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @Test
  void oneOfTheTaskManagersDies() {
    imported.produce(1_000);
    JobID job = imported.start(Map.of("parallelism.default", "4"));
    imported.awaitExactlyOnce();
    for (int round = 0; round < 2; round++) {
      FIXTURE.replaceTaskManager();
      imported.produce(1_000);
      imported.awaitExactlyOnce();
    }
    FIXTURE.flink().awaitRunning(job);
    imported.stopAndAssertExactlyOnce(job);
  }

  @Test
  void aJobManagerTakesOver() {
    imported.produce(1_000);
    JobID job = imported.start();
    imported.awaitExactlyOnce();
    Fault held = FIXTURE.proxy().inject(Moment.beforeCopyDone(), Action.pause());
    imported.produce(1_000);
    held.awaitFired(SOON);

    FIXTURE.flink().failJobManager(job);
    awaitRestored(job);

    imported.awaitExactlyOnce();
    imported.produce(1_000);
    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
  }

  @Test
  void theDatabaseCrashesAndComesBack() {
    imported.produce(1_000);
    JobID job = imported.start();
    imported.awaitExactlyOnce();
    Fault held = FIXTURE.proxy().inject(Moment.beforeCopyDone(), Action.pause());
    imported.produce(1_000);
    held.awaitFired(SOON);
    FIXTURE.postgres().kill();
    held.release();
    imported.produce(1_000);

    FIXTURE.postgres().restart();

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
    assertThat(FIXTURE.flink().restoredCheckpoint(job)).isEmpty();
  }

  @Test
  void theDatabaseCrashesBeforeItsCommitIsAnswered() {
    imported.createLedger();
    imported.produce(1_000);
    Fault inDoubt = FIXTURE.proxy().inject(Moment.afterCommit(), Action.pause());
    JobID job = imported.start();
    inDoubt.awaitFired(SOON);
    FIXTURE.postgres().kill();
    inDoubt.release();

    FIXTURE.postgres().restart();

    imported.awaitExactlyOnce();
    imported.stopAndAssertExactlyOnce(job);
  }

  @Test
  void aCancelEndsACopyThatHangs() {
    imported.produce(1_000);
    Fault hang = FIXTURE.proxy().inject(Moment.beforeCopyDone(), Action.pause());
    JobID job = imported.start();
    hang.awaitFired(SOON);

    // Less than Flink's wait before it interrupts again, so that the first interrupt has to do.
    assertTimeout(Duration.ofSeconds(15), () -> FIXTURE.flink().cancel(job));

    assertThat(FIXTURE.flink().status(job)).isEqualTo(JobStatus.CANCELED);
    hang.release();
    await().atMost(SOON).until(() -> sessions().isEmpty());
    assertThat(imported.rows()).isEmpty();
    assertThat(imported.commits()).isEmpty();
  }

  private static List<String> sessions() {
    return FIXTURE.query(
        "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'kafka-cloudberry %'");
  }

  private static void awaitRestored(JobID job) {
    await().atMost(SOON).until(() -> FIXTURE.flink().restoredCheckpoint(job).isPresent());
  }

  private static JobResult end(JobID job) {
    return FIXTURE.flink().awaitEnd(job, SOON);
  }
}

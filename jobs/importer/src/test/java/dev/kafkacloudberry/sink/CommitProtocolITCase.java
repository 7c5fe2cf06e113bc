package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.largeRow;
import static dev.kafkacloudberry.sink.TargetFixture.row;
import static dev.kafkacloudberry.testbed.Action.cut;
import static dev.kafkacloudberry.testbed.Action.pause;
import static dev.kafkacloudberry.testbed.Action.run;
import static dev.kafkacloudberry.testbed.Moment.afterCommit;
import static dev.kafkacloudberry.testbed.Moment.afterCopyData;
import static dev.kafkacloudberry.testbed.Moment.before;
import static dev.kafkacloudberry.testbed.Moment.beforeCommit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.sink.SinkHarness.Snapshot;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever dies, and whenever: each row is in the table once. */
class CommitProtocolITCase extends CommitStories {

  /** Behind the header of the COPY, in its first rows. */
  private static final Moment INSIDE_COPY = afterCopyData(20);

  @Test
  void allWritersOfACheckpointAreOneCommitAfterItsCompletion() throws Exception {
    try (SinkHarness sink = target.sink().start(3)) {
      sink.write(0, row(1), row(2));
      sink.write(2, row(3));
      sink.checkpoint(1);
      assertOutcome(rows(), commits(), staged(1, 2));

      sink.complete(1);
      assertOutcome(rows(1, 2, 3), commits("checkpoint 1: 3 rows"), nothingStaged());
    }
  }

  @Test
  void anIdleCheckpointCommitsNothing() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.checkpoint(1);
      sink.complete(1);
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void severalFilesOfAWriterAreOneCommit() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, largeRow(1), largeRow(2), largeRow(3), row(4));
      sink.checkpoint(1);
      assertOutcome(rows(), commits(), staged(1, 2));

      sink.complete(1);
      assertOutcome(rows(1, 2, 3, 4), commits("checkpoint 1: 4 rows"), nothingStaged());
    }
  }

  @Test
  void rowsAfterTheLastBarrierAreCommittedByTheFinalCheckpoint() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      sink.write(1, row(2));
      sink.endInput();
      sink.complete(1);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), staged(1, 1));

      sink.checkpoint(2);
      sink.complete(2);
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows"), nothingStaged());
    }
  }

  @Test
  void writerDiesBeforeItsFileIsClosed() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, largeRow(1));
      sink.write(1, largeRow(2));
      assertOutcome(rows(), commits(), staged(0, 2));

      sink.start(2);
      assertOutcome(rows(), commits(), nothingStaged());
      commitAnew(sink);
    }
  }

  @Test
  void writerDiesAfterItsFileIsClosed() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      sink.barrierAtWriters(1);
      assertOutcome(rows(), commits(), staged(0, 2));

      sink.start(2);
      assertOutcome(rows(), commits(), nothingStaged());
      commitAnew(sink);
    }
  }

  @Test
  void fewerWritersRemoveTheFilesOfThoseThatAreGone() throws Exception {
    try (SinkHarness sink = target.sink().start(3)) {
      sink.write(2, largeRow(1));
      sink.write(1, largeRow(2));

      sink.start(1);
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void aWriterThatIsClosedTakesItsFilesWithIt() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, largeRow(1), largeRow(2), largeRow(3));
      assertOutcome(rows(), commits(), staged(0, 2));

      sink.closeWriters();
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void aggregatorDiesBeforeItHandsOn() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      sink.barrierAtWriters(1);
      sink.deliverToAggregator();

      sink.start(2);
      assertOutcome(rows(), commits(), nothingStaged());
      commitAnew(sink);
    }
  }

  @Test
  void aggregatorDiesBetweenHandingOnAndTheSnapshot() throws Exception {
    target.stagingRetention(Duration.ZERO);
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      sink.barrierAtWriters(1);
      sink.deliverToAggregator();
      sink.barrierAtAggregator(1);

      // Nobody can tell these files from those of a savepoint before they expire.
      sink.start(2);
      assertOutcome(rows(), commits(), staged(1, 2));
      commitAnew(sink);
    }
  }

  @Test
  void committerDiesBeforeTheCommitBegins() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      Snapshot snapshot = sink.checkpoint(1);
      assertOutcome(rows(), commits(), staged(1, 2));

      sink.restore(snapshot, 2);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void connectionIsLostInsideTheCopy() throws Exception {
    assertOneRetryAfterACutAt(INSIDE_COPY);
  }

  @Test
  void connectionIsLostBetweenCopyAndCommit() throws Exception {
    assertOneRetryAfterACutAt(beforeCommit());
  }

  @Test
  void connectionIsLostBetweenCommitAndItsAnswer() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1), row(2));
      sink.checkpoint(1);
      Fault fault = proxy.inject(afterCommit(), cut());
      sink.complete(1);

      assertThat(fault.fired()).isEqualTo(1);
      assertThat(sink.committerCount("commitRetries")).isEqualTo(1);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  private void assertOneRetryAfterACutAt(Moment moment) throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1), row(2));
      sink.checkpoint(1);
      Fault fault = proxy.inject(moment, cut());
      sink.complete(1);

      assertThat(fault.fired()).isEqualTo(1);
      assertThat(sink.committerCount("commitRetries")).isEqualTo(1);
      assertThat(sink.committerCount("commits")).isEqualTo(1);
      assertThat(sink.committerCount("committedRows")).isEqualTo(2);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void settledIsWhatThisAttemptStagedWhoeverCommittedIt() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      assertThat(sink.committerCount("settledBytes")).isZero();

      sink.restore(snapshot, 1);
      long restored = sink.committerCount("committedBytes");
      assertThat(restored).isPositive();
      assertThat(sink.committerCount("settledBytes")).isZero();

      sink.write(0, row(2));
      sink.checkpoint(2);
      sink.complete(2);
      assertThat(sink.committerCount("settledBytes"))
          .isEqualTo(sink.committerCount("committedBytes") - restored)
          .isPositive();
    }
  }

  @Test
  void committerDiesInsideTheCopy() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      Snapshot snapshot = dieWhileCommitting(sink, INSIDE_COPY);
      assertOutcome(rows(), commits(), staged(1, 2));

      sink.restore(snapshot, 2);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void committerDiesBetweenCommitAndTheRemovalOfTheFiles() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      Snapshot snapshot = dieWhileCommitting(sink, afterCommit());
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), staged(1, 2));

      sink.restore(snapshot, 2);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
      assertThat(sink.committerCount("commits")).isZero();
    }
  }

  @Test
  void committerDiesWhileItRemovesTheFiles() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      Snapshot snapshot = dieWhileCommitting(sink, afterCommit());
      Files.delete(target.dataFiles().get(0));
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), staged(1, 1));

      sink.restore(snapshot, 2);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void aFileThatCannotBeRemovedStaysBehindAndTheCommitCounts() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      Path file = target.dataFiles().get(0);
      proxy.inject(afterCommit(), run(() -> replaceByAFolderThatIsNotEmpty(file)));
      sink.complete(1);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), staged(1, 1));
      assertThat(sink.committerCount("commits")).isEqualTo(1);

      sink.restore(snapshot, 1);
      sink.write(0, row(2));
      sink.checkpoint(2);
      sink.complete(2);
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows"), staged(1, 1));
    }
  }

  /** Nobody's permissions keep root from removing a file; what lies in a folder does. */
  private static void replaceByAFolderThatIsNotEmpty(Path file) {
    try {
      Files.delete(file);
      Files.createDirectory(file);
      Files.createFile(file.resolve("in-the-way.rows"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLockedTableIsTriedAgainUntilItIsReleased() throws Exception {
    try (SinkHarness sink = target.sink().start(1);
        Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE " + target.table() + " IN ACCESS EXCLUSIVE MODE");
      sink.write(0, row(1), row(2));
      sink.checkpoint(1);
      Running commit = inBackground(() -> sink.complete(1));
      await().until(() -> sink.committerCount("commitRetries") > 0 || commit.result().isDone());
      other.rollback();

      assertThat(commit.result()).succeedsWithin(MOMENTS);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  /** The process is gone: nothing of it goes on, and its connection is closed for it. */
  private Snapshot dieWhileCommitting(SinkHarness sink, Moment moment) throws Exception {
    sink.write(0, row(1));
    sink.write(1, row(2));
    Snapshot snapshot = sink.checkpoint(1);
    Fault fault = proxy.inject(moment, pause());
    Running commit = inBackground(() -> sink.complete(1));
    fault.awaitFired(MOMENTS);
    commit.thread().interrupt();
    assertThat(commit.result()).failsWithin(MOMENTS);
    proxy.cutConnections();
    return snapshot;
  }

  @Test
  void anInterruptEndsACommitThatWaitsInsideTheCopy() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      Fault fault = proxy.inject(INSIDE_COPY, pause());
      Running commit = inBackground(() -> sink.complete(1));
      fault.awaitFired(MOMENTS);

      commit.thread().interrupt();
      assertThat(commit.result())
          .failsWithin(Duration.ofSeconds(2))
          .withThrowableThat()
          .withCauseInstanceOf(InterruptedException.class);
      fault.release();
      await().until(() -> sessionsOfCommits() == 0);
      assertOutcome(rows(), commits(), staged(1, 1));
    }
  }

  @Test
  void aSnapshotMayHoldWhatIsCommittedAlready() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      sink.complete(1);

      sink.restore(snapshot, 1);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
      sink.write(0, row(2));
      sink.endInput();
      sink.checkpoint(2);
      sink.complete(2);
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows"), nothingStaged());
    }
  }

  @Test
  void aSavepointRestoredTwiceIsCommittedOnce() throws Exception {
    Snapshot savepoint;
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      savepoint = sink.checkpoint(1);
      assertOutcome(rows(), commits(), staged(1, 2));
    }
    for (int restore = 1; restore <= 2; restore++) {
      try (SinkHarness sink = target.resubmitted().sink().restore(savepoint, 2)) {
        assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
        assertThat(sink.committerCount("commits")).isEqualTo(restore == 1 ? 1 : 0);
      }
    }
  }

  @Test
  void twoPendingCheckpointsAreCommittedInOrderEachForItself() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      sink.write(0, row(2), row(3));
      sink.checkpoint(2);
      assertOutcome(rows(), commits(), staged(2, 2));

      sink.complete(2);
      assertOutcome(
          rows(1, 2, 3), commits("checkpoint 1: 1 rows", "checkpoint 2: 2 rows"), nothingStaged());
      assertThat(target.query("SELECT DISTINCT xmin FROM " + target.table() + " WHERE id > 1"))
          .hasSize(1)
          .doesNotContainAnyElementsOf(
              target.query("SELECT xmin FROM " + target.table() + " WHERE id = 1"));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "3, 1"})
  void pendingCommitsSurviveAChangeOfParallelism(int before, int after) throws Exception {
    try (SinkHarness sink = target.sink().start(before)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      sink.write(before - 1, row(2));
      Snapshot savepoint = sink.checkpoint(2);

      sink.restore(savepoint, after);
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows"), nothingStaged());
      sink.write(after - 1, row(3));
      sink.checkpoint(3);
      sink.complete(3);
      assertOutcome(
          rows(1, 2, 3),
          commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows", "checkpoint 3: 1 rows"),
          nothingStaged());
    }
  }

  @Test
  void aZombieInsideItsCopyWritesNothingAfterItsSuccessor() throws Exception {
    assertZombieWritesNothing(INSIDE_COPY);
  }

  @Test
  void aZombieBeforeItsLedgerRowWritesNothingAfterItsSuccessor() throws Exception {
    assertZombieWritesNothing(before("INSERT INTO"));
  }

  @Test
  void aZombieBeforeItsCommitWritesNothingAfterItsSuccessor() throws Exception {
    assertZombieWritesNothing(beforeCommit());
  }

  private void assertZombieWritesNothing(Moment asleep) throws Exception {
    try (SinkHarness zombie = target.sink().start(1);
        SinkHarness successor = target.sink()) {
      zombie.write(0, row(1), row(2));
      Snapshot snapshot = zombie.checkpoint(1);
      Fault fault = proxy.inject(asleep, pause());
      Running commit = inBackground(() -> zombie.complete(1));
      fault.awaitFired(MOMENTS);

      Running restore = inBackground(() -> successor.restore(snapshot, 1));
      assertThat(restore.result()).succeedsWithin(MOMENTS);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
      fault.release();
      assertThat(commit.result()).succeedsWithin(MOMENTS);
      assertThat(zombie.committerCount("commits")).isZero();
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void aSuccessorWaitsForAZombieThatGoesOnAndWritesNothing() throws Exception {
    target.lockTimeout(MOMENTS);
    try (SinkHarness zombie = target.sink().start(1);
        SinkHarness successor = target.sink()) {
      zombie.write(0, row(1), row(2));
      Snapshot snapshot = zombie.checkpoint(1);
      Fault fault = proxy.inject(INSIDE_COPY, pause());
      Running commit = inBackground(() -> zombie.complete(1));
      fault.awaitFired(MOMENTS);
      Running restore = inBackground(() -> successor.restore(snapshot, 1));
      await().until(() -> !target.query("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty());

      fault.release();
      assertThat(commit.result()).succeedsWithin(MOMENTS);
      assertThat(restore.result()).succeedsWithin(MOMENTS);
      assertThat(zombie.committerCount("commits")).isEqualTo(1);
      assertThat(successor.committerCount("commits")).isZero();
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void theDatabaseIsDownForLessThanTheRetries() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      proxy.refuseConnections();
      Running commit = inBackground(() -> sink.complete(1));
      await().until(() -> sink.committerCount("commitRetries") >= 2);
      proxy.acceptConnections();

      assertThat(commit.result()).succeedsWithin(MOMENTS);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
    }
  }

  /** After a crash before its first checkpoint, the job reads the same rows again. */
  private void commitAnew(SinkHarness sink) throws Exception {
    sink.write(1, row(1), row(2));
    sink.checkpoint(2);
    sink.complete(2);
    assertOutcome(rows(1, 2), commits("checkpoint 2: 2 rows"), nothingStaged());
  }

  private long sessionsOfCommits() throws Exception {
    return target
        .query(
            "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'kafka-cloudberry %'"
                + " AND state <> 'idle'")
        .size();
  }
}

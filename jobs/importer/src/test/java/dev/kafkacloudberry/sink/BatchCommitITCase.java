package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Without checkpoints everything is one commit at the end, however often a task runs. */
class BatchCommitITCase extends CommitStories {

  @BeforeEach
  void withoutCheckpoints() {
    target.batch();
  }

  @Test
  void theEndOfTheInputCommitsEverythingAtOnce() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1));
      sink.write(1, row(2));
      sink.endInputAtWriters();
      sink.deliverToAggregator();
      sink.endInputAtAggregator();
      sink.deliverToCommitter();
      assertOutcome(rows(), commits(), staged(1, 2));

      sink.endInputAtCommitters();
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void noRowsAreNoCommit() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.endInput();
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void aggregatorAndCommitterThatRunAgainWriteNothing() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.endInput();
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
    }
    // Its result was lost, so the job runs it again, with the rows again.
    try (SinkHarness again = target.sink().start(1)) {
      again.write(0, row(1));
      again.endInput();
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
      assertThat(again.committerCount("commits")).isZero();
    }
  }

  @Test
  void twoSinksOfOneJobAreTwoCommits() throws Exception {
    try (SinkHarness one = target.sink().start(1);
        SinkHarness other = target.anotherSink().sink().start(1)) {
      one.write(0, row(1));
      other.write(0, row(2));
      one.endInput();
      other.endInput();
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 1: 1 rows"), nothingStaged());
    }
  }

  @Test
  void anotherSubmissionUnderTheSameJobIdIsAnotherCommit() throws Exception {
    for (int submission = 1; submission <= 2; submission++) {
      try (SinkHarness sink = target.resubmittedUnderItsJobId().sink().start(1)) {
        sink.write(0, row(submission));
        sink.endInput();
      }
    }
    assertOutcome(
        rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 1: 1 rows"), nothingStaged());
  }

  @Test
  void theSameSinkOfAnotherJobIsAnotherCommit() throws Exception {
    for (int job = 1; job <= 2; job++) {
      try (SinkHarness sink = target.resubmitted().sink().start(1)) {
        sink.write(0, row(job));
        sink.endInput();
      }
    }
    assertOutcome(
        rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 1: 1 rows"), nothingStaged());
  }
}

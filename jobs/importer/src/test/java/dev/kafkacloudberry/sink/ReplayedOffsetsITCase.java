package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.sink.SinkHarness.Snapshot;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows whose offsets are committed, as a job's operators meet them. */
class ReplayedOffsetsITCase extends CommitStories {

  @BeforeEach
  void withPlaces() {
    target.places();
  }

  @Test
  void whatEarlierCommitsHoldIsSkippedAndCounted() throws Exception {
    load(1, row(1, 0, 10), row(2, 0, 11));

    try (SinkHarness anew = target.resubmitted().sink().start(2)) {
      anew.write(0, row(1, 0, 10));
      anew.write(1, row(2, 0, 11), row(3, 0, 12), row(4, 1, 10));
      anew.checkpoint(1);
      anew.complete(1);
    }

    assertThat(target.offsets())
        .containsExactly(
            "orders 0: 10 to 12, 2 rows, 0 rejected",
            "orders 0: 12 to 13, 1 rows, 0 rejected",
            "orders 1: 10 to 11, 1 rows, 0 rejected");
    assertThat(skipped()).isEqualTo("2");
    assertOutcome(
        rows(1, 2, 3, 4), commits("checkpoint 1: 2 rows", "checkpoint 1: 2 rows"), nothingStaged());
  }

  @Test
  void committedOffsetsMayLieAmongThoseOfOneCheckpoint() throws Exception {
    load(1, row(2, 0, 10), row(3, 0, 11));
    load(2, row(5, 0, 20));

    try (SinkHarness anew = target.resubmitted().sink().start(2)) {
      anew.write(0, row(1, 0, 9), row(2, 0, 10), row(4, 0, 13));
      anew.write(1, row(3, 0, 11), row(9, 0, 12), row(6, 0, 15), row(5, 0, 20), row(7, 0, 21));
      anew.checkpoint(1);
      anew.complete(1);
    }

    assertThat(target.outcome().rows()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 9);
    assertThat(target.offsets())
        .containsExactlyInAnyOrder(
            "orders 0: 9 to 10, 1 rows, 0 rejected",
            "orders 0: 10 to 12, 2 rows, 0 rejected",
            "orders 0: 12 to 16, 3 rows, 0 rejected",
            "orders 0: 20 to 21, 1 rows, 0 rejected",
            "orders 0: 21 to 22, 1 rows, 0 rejected");
    load(3, row(1, 0, 9), row(4, 0, 13), row(8, 0, 22));
    assertThat(target.outcome().rows()).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void aCheckpointOfSkippedRowsOnlyIsCountedToo() throws Exception {
    load(1, row(1, 0, 10));
    load(2, row(1, 0, 10));

    assertThat(skipped()).isEqualTo("1");
    assertOutcome(
        rows(1), commits("checkpoint 1: 1 rows", "checkpoint 2: 0 rows"), nothingStaged());
  }

  @Test
  void twoJobsAtOnceDoNotLoadTheSameOffsets() throws Exception {
    try (SinkHarness one = target.sink().start(1);
        SinkHarness other = target.resubmitted().sink().start(1)) {
      one.write(0, row(1, 0, 10), row(2, 0, 11));
      one.checkpoint(7);
      one.complete(7);
      other.write(0, row(2, 0, 11), row(3, 0, 12));
      other.checkpoint(1);

      assertThatThrownBy(() -> other.complete(1))
          .hasStackTraceContaining("SuppressRestartsException")
          .hasStackTraceContaining(
              "topic 'orders', partition 0 it holds rows of the offsets 11 to 12")
          .hasStackTraceContaining("10 to 11 are committed by job")
          .hasStackTraceContaining("checkpoint 7")
          .hasStackTraceContaining("'orders-sink'");
    }
    assertThat(target.outcome().rows()).containsExactly(1, 2);
  }

  @Test
  void anInheritedCommitThatOthersHaveLoadedWhollyIsSkipped() throws Exception {
    Snapshot pending = pending(row(1, 0, 10), row(2, 0, 12));
    try (SinkHarness other = target.resubmitted().sink().start(1)) {
      other.write(0, row(1, 0, 10));
      other.checkpoint(5);
      other.complete(5);
      other.write(0, row(2, 0, 12), row(3, 0, 13));
      other.checkpoint(6);
      other.complete(6);
    }

    try (SinkHarness restored = target.resubmitted().sink().restore(pending, 1)) {
      restored.write(0, row(3, 0, 13), row(4, 0, 14));
      restored.checkpoint(2);
      restored.complete(2);
    }

    assertThat(skipped()).isEqualTo("3");
    assertOutcome(
        rows(1, 2, 3, 4),
        commits(
            "checkpoint 5: 1 rows",
            "checkpoint 6: 2 rows",
            "checkpoint 1: 0 rows",
            "checkpoint 2: 1 rows"),
        nothingStaged());
  }

  @Test
  void anInheritedCommitThatOthersHaveLoadedInPartIsRefused() throws Exception {
    Snapshot pending = pending(row(1, 0, 10), row(2, 0, 12));
    load(5, row(1, 0, 10));

    try (SinkHarness restored = target.resubmitted().sink()) {
      assertThatThrownBy(() -> restored.restore(pending, 1))
          .hasStackTraceContaining("SuppressRestartsException")
          .hasStackTraceContaining("Start without that state");
    }
    assertThat(target.outcome().rows()).containsExactly(1);
  }

  @Test
  void aCommitOfThisRunIsNeverTakenForSkipped() throws Exception {
    Snapshot pending = pending(row(1, 0, 10));
    SinkHarness same = target.sink();
    load(5, row(1, 0, 10));

    try (same) {
      assertThatThrownBy(() -> same.restore(pending, 1))
          .hasStackTraceContaining("loads with this 'sink.id'");
    }
  }

  @Test
  void aRowThatWasHeldBackFailsTheCheckpoint() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(2, 0, 11));
      sink.checkpoint(1);
      sink.complete(1);
      sink.write(0, row(1, 0, 10), row(3, 0, 12));

      assertThatThrownBy(() -> sink.checkpoint(2))
          .isInstanceOf(SuppressRestartsException.class)
          .hasStackTraceContaining("partition 0, offset 10 comes after rows up to offset 11");
    }
    assertThat(target.outcome().rows()).containsExactly(2);
  }

  @Test
  void aRowThatWasHeldBackOverARestartIsNotDroppedInSilence() throws Exception {
    Snapshot pending = pending(row(2, 0, 9), row(3, 0, 11));
    // The second time it is among what the first one has committed.
    for (int time = 0; time < 2; time++) {
      try (SinkHarness restored = target.resubmitted().sink().restore(pending, 2)) {
        restored.write(1, row(1, 0, 10));

        assertThatThrownBy(() -> restored.checkpoint(2))
            .isInstanceOf(SuppressRestartsException.class)
            .hasStackTraceContaining("holds rows back");
      }
      assertThat(target.outcome().rows()).containsExactly(2, 3);
    }
  }

  /** A checkpoint that is complete and that nobody has committed. */
  private Snapshot pending(RowData... rows) throws Exception {
    SinkHarness sink = target.sink().start(1);
    sink.write(0, rows);
    return sink.checkpoint(1);
  }

  /** Another job loads rows. */
  private void load(long checkpoint, RowData... rows) throws Exception {
    try (SinkHarness sink = target.resubmitted().sink().start(1)) {
      sink.write(0, rows);
      sink.checkpoint(checkpoint);
      sink.complete(checkpoint);
    }
  }

  private String skipped() throws Exception {
    return target.query("SELECT sum(skipped) FROM " + target.ledger() + ".commits").get(0);
  }
}

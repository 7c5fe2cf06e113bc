package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.largeRow;
import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.sink.SinkHarness.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;

/** What cannot be committed fails the job, says why, and is still there afterwards. */
class CommitRefusalITCase extends CommitStories {

  @Test
  void theDatabaseIsDownForLongerThanTheRetries() throws Exception {
    target.retryFor(Duration.ofMillis(300)).urlParameters("?password=" + postgres.password());
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      postgres.kill();
      try {
        assertThatThrownBy(() -> sink.complete(1))
            .isInstanceOf(IOException.class)
            .hasMessageContainingAll(
                "sink 'orders-sink'",
                "table public." + target.table(),
                "checkpoint 1",
                "in " + proxy.url() + " as postgres")
            .satisfies(
                e ->
                    assertThat(ExceptionUtils.stringifyException(e))
                        .doesNotContain(postgres.password()));
      } finally {
        postgres.restart();
      }
      assertThat(sink.committerCount("commitRetries")).isPositive();
      assertOutcome(rows(), commits(), staged(1, 1));
      sink.restore(snapshot, 1);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
    }
  }

  @Test
  void aCommitterThatDoesNotStartLeavesNoThreadBehind() throws Exception {
    target.retryFor(Duration.ZERO);
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      proxy.refuseConnections();

      assertThatThrownBy(() -> sink.startCommitters(1, Optional.of(snapshot)))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("Cannot create the ledger", proxy.url());
      await().until(() -> before.containsAll(committerThreads()));
      assertOutcome(rows(), commits(), staged(1, 1));
    }
  }

  private static List<Thread> committerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("cloudberry-commit"))
        .toList();
  }

  @Test
  void aMissingStagedFileIsRefused() throws Exception {
    assertRefusedAfter(Files::delete, "is missing", staged(1, 1));
  }

  @Test
  void aTruncatedStagedFileIsRefused() throws Exception {
    assertRefusedAfter(
        file -> Files.write(file, firstHalf(Files.readAllBytes(file))),
        "bytes and was staged with",
        staged(1, 2));
  }

  @Test
  void aStagedFileThatGrewIsRefused() throws Exception {
    assertRefusedAfter(
        file -> Files.write(file, new byte[1], StandardOpenOption.APPEND),
        "bytes and was staged with",
        staged(1, 2));
  }

  @Test
  void anAlteredStagedFileIsRefused() throws Exception {
    assertRefusedAfter(
        file -> {
          byte[] bytes = Files.readAllBytes(file);
          bytes[bytes.length - 1] ^= 1;
          Files.write(file, bytes);
        },
        "was altered",
        staged(1, 2));
  }

  @FunctionalInterface
  private interface Damage {
    void to(Path file) throws IOException;
  }

  private void assertRefusedAfter(Damage damage, String reason, List<String> left)
      throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1), row(2));
      sink.write(1, row(3), row(4));
      sink.checkpoint(1);
      Path file = target.dataFiles().get(1);
      damage.to(file);

      assertThatThrownBy(() -> sink.complete(1))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              reason, file.toString(), "sink 'orders-sink'", target.table(), "checkpoint 1");
      assertOutcome(rows(), commits(), left);
    }
  }

  private static byte[] firstHalf(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  @Test
  void aLedgerThatWasDroppedIsCreatedAgainByTheRestart() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      sink.complete(1);
      target.execute("DROP SCHEMA " + target.ledger() + " CASCADE");
      sink.write(0, row(2));
      Snapshot snapshot = sink.checkpoint(2);

      assertThatThrownBy(() -> sink.complete(2))
          .hasMessageContainingAll(
              "The ledger, schema '" + target.ledger() + "', is gone", "checkpoint 2");
      assertThat(sink.committerCount("commitRetries")).isZero();

      sink.restore(snapshot, 1);
      assertOutcome(rows(1, 2), commits("checkpoint 2: 1 rows"), nothingStaged());
    }
  }

  @Test
  void aTableThatChangedAfterTheStagingIsRefused() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      target.execute("ALTER TABLE " + target.table() + " ALTER id TYPE bigint");

      assertThatThrownBy(() -> sink.complete(1))
          .hasMessageContainingAll("column 'id' was integer and is bigint", "(SQLSTATE 42804)");
      assertOutcome(rows(), commits(), staged(1, 1));

      target.execute("ALTER TABLE " + target.table() + " ALTER id TYPE int");
      sink.restore(snapshot, 1);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
    }
  }

  @Test
  void writersThatSawDifferentTablesFailTheCheckpoint() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      target.execute("ALTER TABLE " + target.table() + " ALTER id TYPE bigint");
      sink.restartWriter(1);
      sink.write(0, row(1));
      sink.write(1, row(2));
      sink.barrierAtWriters(1);
      sink.deliverToAggregator();

      assertThatThrownBy(() -> sink.barrierAtAggregator(1))
          .hasMessageContaining(
              "Table public.%s changed between the starts of two writers", target.table());
      assertOutcome(rows(), commits(), staged(0, 2));
    }
  }

  @Test
  void aRowThatViolatesAConstraintIsRefusedAtOnce() throws Exception {
    target.execute("INSERT INTO " + target.table() + " VALUES (2, 'in the way')");
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1), row(2));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .hasMessageContainingAll("(SQLSTATE 23505)", "(id)=(2)", "checkpoint 1");
      assertThat(sink.committerCount("commitRetries")).isZero();
      assertOutcome(rows(2), commits(), staged(1, 1));
    }
  }

  @Test
  void aRefusedCheckpointDoesNotUndoTheOneBeforeIt() throws Exception {
    target.execute("INSERT INTO " + target.table() + " VALUES (2, 'in the way')");
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);
      sink.write(0, row(2), row(3));
      Snapshot snapshot = sink.checkpoint(2);
      assertThatThrownBy(() -> sink.complete(2)).hasMessageContaining("checkpoint 2");
      assertOutcome(rows(1, 2), commits("checkpoint 1: 1 rows"), staged(1, 1));

      target.execute("DELETE FROM " + target.table() + " WHERE note = 'in the way'");
      sink.restore(snapshot, 1);
      assertOutcome(
          rows(1, 2, 3), commits("checkpoint 1: 1 rows", "checkpoint 2: 2 rows"), nothingStaged());
    }
  }

  @Test
  void whatTheLedgerMayHaveForgottenIsRefused() throws Exception {
    try (SinkHarness sink = target.ledgerRetention(Duration.ZERO).sink().start(1)) {
      sink.write(0, row(1));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .hasMessageContainingAll("'ledger.retention'", target.ledger() + ".commits")
          .hasMessageContaining("can no longer be told");
      assertOutcome(rows(), commits(), staged(1, 1));
    }
  }

  @Test
  void whatTheLedgerStillRemembersIsDoneHoweverOldItIs() throws Exception {
    Snapshot savepoint;
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      savepoint = sink.checkpoint(1);
      sink.complete(1);
    }
    target.ledgerRetention(Duration.ZERO).resubmitted();
    try (SinkHarness sink = target.sink().restore(savepoint, 1)) {
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());
      assertThat(sink.committerCount("commits")).isZero();
    }
  }

  @Test
  void aRowThatCannotBeEncodedIsRefusedNamingColumnAndTable() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      assertThatThrownBy(() -> sink.write(0, GenericRowData.of(1, StringData.fromString("a\0b"))))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("table public." + target.table(), "note");
      sink.closeWriters();
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void stagingStorageThatTakesNothingFailsTheWriter() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1));
      Snapshot snapshot = sink.checkpoint(1);
      Path folder = target.dataFiles().get(0).getParent();
      sink.complete(1);
      Files.delete(folder);
      Files.createFile(folder);

      assertThatThrownBy(() -> sink.write(0, largeRow(2)))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll("table public." + target.table(), folder.toString());
      Files.delete(folder);
      assertOutcome(rows(1), commits("checkpoint 1: 1 rows"), nothingStaged());

      sink.restore(snapshot, 1);
      sink.write(0, largeRow(2));
      sink.checkpoint(2);
      sink.complete(2);
      assertOutcome(
          rows(1, 2), commits("checkpoint 1: 1 rows", "checkpoint 2: 1 rows"), nothingStaged());
    }
  }
}

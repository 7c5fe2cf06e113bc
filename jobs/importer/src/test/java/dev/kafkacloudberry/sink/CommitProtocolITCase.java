package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the protocol promises, at every point at which something of it can fail. */
class CommitProtocolITCase {

  private static PostgresServer postgres;
  private static PostgresProxy proxy;

  @TempDir private Path staging;
  private TargetFixture target;

  @BeforeAll
  static void startDatabase() {
    postgres = PostgresServer.start();
    proxy = PostgresProxy.inFrontOf(postgres);
  }

  @AfterAll
  static void stopDatabase() {
    proxy.close();
    postgres.close();
  }

  @BeforeEach
  void createTable() throws Exception {
    target = new TargetFixture(postgres, proxy, staging);
  }

  @AfterEach
  void heal() {
    proxy.heal();
  }

  @Test
  void allWritersOfACheckpointAreOneCommitAfterItsCompletion() throws Exception {
    try (SinkHarness sink = target.sink().start(3)) {
      sink.write(0, row(1), row(2));
      sink.write(2, row(3));
      sink.checkpoint(1);
      assertOutcome(rows(), commits(), staged(2));

      sink.complete(1);
      assertOutcome(rows(1, 2, 3), commits("checkpoint 1: 3 rows"), staged(0));
    }
  }

  @Test
  void anIdleCheckpointCommitsNothing() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.checkpoint(1);
      sink.complete(1);
      assertOutcome(rows(), commits(), staged(0));
    }
  }

  private void assertOutcome(List<Integer> rows, List<String> commits, List<String> staged)
      throws Exception {
    assertThat(target.outcome()).isEqualTo(new TargetFixture.Outcome(rows, commits, staged));
  }

  private static List<Integer> rows(Integer... ids) {
    return List.of(ids);
  }

  private static List<String> commits(String... commits) {
    return List.of(commits);
  }

  /** So many data files of one commit, and the commit's manifest with them. */
  private static List<String> staged(int dataFiles) {
    return dataFiles == 0 ? List.of() : staged(1, dataFiles);
  }

  private static List<String> staged(int manifests, int dataFiles) {
    return Stream.concat(
            Collections.nCopies(manifests, "manifest").stream(),
            Collections.nCopies(dataFiles, "rows").stream())
        .toList();
  }
}

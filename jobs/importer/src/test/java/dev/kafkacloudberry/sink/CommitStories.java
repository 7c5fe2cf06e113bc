package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database behind a faulty network, and for each story a table, a ledger and a directory. */
abstract class CommitStories {

  static final Duration MOMENTS = Duration.ofSeconds(10);

  static PostgresServer postgres;
  static PostgresProxy proxy;

  @TempDir Path staging;
  TargetFixture target;

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

  /** Everything that a story may change: it is asserted as one, so that nothing is left out. */
  void assertOutcome(List<Integer> rows, List<String> commits, List<String> staged)
      throws Exception {
    assertThat(target.outcome()).isEqualTo(new TargetFixture.Outcome(rows, commits, staged));
  }

  static List<Integer> rows(Integer... ids) {
    return List.of(ids);
  }

  static List<String> commits(String... commits) {
    return List.of(commits);
  }

  /** What is left of staged files. */
  static List<String> staged(int manifests, int dataFiles) {
    return Stream.concat(
            Collections.nCopies(manifests, "manifest").stream(),
            Collections.nCopies(dataFiles, "rows").stream())
        .toList();
  }

  static List<String> nothingStaged() {
    return List.of();
  }

  /** One step of a story, in a thread of its own as a task has one. */
  record Running(Thread thread, FutureTask<Void> result) {}

  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  static Running inBackground(Step step) {
    FutureTask<Void> result =
        new FutureTask<>(
            () -> {
              step.run();
              return null;
            });
    Thread thread = new Thread(result, "task");
    thread.setDaemon(true);
    thread.start();
    return new Running(thread, result);
  }
}

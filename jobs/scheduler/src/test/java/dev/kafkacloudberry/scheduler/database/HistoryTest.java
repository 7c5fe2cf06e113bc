package dev.kafkacloudberry.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.scheduler.database.History.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

  @Test
  void ofAnImportThatWasNeverStartedHasNothing() {
    History history = History.of(List.of());
    assertThat(history.lastJob()).isEmpty();
    assertThat(history.state()).isEmpty();
    assertThat(history.number()).isZero();
  }

  @Test
  void knowsTheJobsSinceTheLastStateAndWhatStartedTheLast() {
    History history =
        History.of(
            List.of(
                started(1, "import-once", "a"),
                stopped(2, "a", "path-a"),
                started(3, "import-once", "b"),
                started(4, "import-once", "c"),
                started(5, "start", "b")));
    assertThat(history.state()).contains("path-a");
    assertThat(history.jobs()).containsExactly("c", "b");
    assertThat(history.lastJob()).contains("b");
    assertThat(history.command()).contains("start");
    assertThat(history.number()).isEqualTo(5);
  }

  @Test
  void hasTheStatesTheOldestFirstAndTheSinksOfTheLast() {
    History history =
        History.of(
            List.of(
                started(1, "start", "a"),
                stopped(2, "a", "path-a"),
                started(3, "start", "b"),
                stopped(4, "b", "path-b")));
    assertThat(history.states())
        .containsExactly(new History.State(2, "a", "path-a"), new History.State(4, "b", "path-b"));
    assertThat(history.jobs()).isEmpty();
    assertThat(history.sinks()).containsExactly("sink of b");
  }

  @Test
  void remembersTheJobWhoseRowsAreStillInTheStateThatItsSuccessorsFailedToGoOnFrom() {
    History history =
        History.of(
            List.of(
                started(1, "import-once", "a"),
                stopped(2, "a", "path-a"),
                started(3, "import-once", "b"),
                stopped(4, "b", "path-a")));
    assertThat(history.states()).containsExactly(new History.State(4, "b", "path-a"));
    assertThat(history.allJobs()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void goesOnWhereTheLastJobWasToldToBeginUntilItHasEnded() {
    History history =
        History.of(
            List.of(
                started(1, "start", "a"),
                stopped(2, "a", "path-a"),
                new Event(3, "start", "b", "told", List.of(), null)));
    assertThat(history.state()).contains("told");
    assertThat(history.states()).extracting(History.State::path).containsExactly("path-a");
  }

  @Test
  void knowsTheSavepointsOfTheSchedulerFromOthers() {
    assertThat(new History.State(1, "a", "s3://b/savepoints/a/savepoint-a-1").isOwnSavepoint())
        .isTrue();
    assertThat(new History.State(1, "a", "s3://b/by-hand/savepoint-a-1").isOwnSavepoint())
        .isFalse();
    assertThat(new History.State(1, "a", "s3://b/checkpoints/a/chk-3").isOwnSavepoint()).isFalse();
  }

  @Test
  void hasAStateOnceThatSeveralJobsEndedWith() {
    History history =
        History.of(
            List.of(
                started(1, "start", "a"),
                stopped(2, "a", "path"),
                started(3, "start", "b"),
                stopped(4, "b", "path")));
    assertThat(history.states()).containsExactly(new History.State(4, "b", "path"));
  }

  @Test
  void knowsWhyTheLastJobFailedUntilAnotherHasEnded() {
    Event failed = new Event(2, "stopped", "a", "path-a", List.of(), "no disk");
    assertThat(
            History.of(List.of(started(1, "start", "a"), failed, started(3, "start", "b"))).error())
        .contains("no disk");
    assertThat(
            History.of(
                    List.of(
                        started(1, "start", "a"),
                        failed,
                        started(3, "start", "b"),
                        stopped(4, "b", "path-b")))
                .error())
        .isEmpty();
  }

  @Test
  void knowsTheSavepointOfARestartUntilWhatItStartedRuns() {
    List<Event> events =
        new ArrayList<>(
            List.of(
                started(1, "start", "a"),
                started(2, "restart", "a"),
                stopped(3, "a", "savepoints/a/savepoint-1")));
    assertThat(History.of(events).takenToRestart()).contains("savepoints/a/savepoint-1");
    assertThat(History.of(events).isContinuous()).isTrue();

    events.add(started(4, "restart", "b"));
    assertThat(History.of(events).takenToRestart()).contains("savepoints/a/savepoint-1");

    events.add(started(5, "start", "b"));
    assertThat(History.of(events).takenToRestart()).isEmpty();
  }

  @Test
  void aRestartWhoseJobEndedWithoutASavepointHasNoneToGoOnFrom() {
    List<Event> events =
        List.of(
            started(1, "start", "a"),
            started(2, "restart", "a"),
            stopped(3, "a", "checkpoints/a/chk-1"));
    assertThat(History.of(events).takenToRestart()).isEmpty();
  }

  @Test
  void whatIsStoppedOnceMoreIsNotToBeRestarted() {
    String savepoint = "savepoints/a/savepoint-1";
    History history =
        History.of(
            List.of(
                started(1, "start", "a"),
                started(2, "restart", "a"),
                stopped(3, "a", savepoint),
                stopped(4, "a", savepoint)));
    assertThat(history.takenToRestart()).isEmpty();
    assertThat(history.states()).containsExactly(new History.State(4, "a", savepoint));
  }

  private static Event started(long number, String command, String job) {
    return new Event(number, command, job, "path-a", List.of(), null);
  }

  private static Event stopped(long number, String job, String state) {
    return new Event(number, "stopped", job, state, List.of("sink of " + job), null);
  }
}

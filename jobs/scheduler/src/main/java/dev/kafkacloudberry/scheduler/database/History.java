package dev.kafkacloudberry.scheduler.database;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the journal tells of an import.
 *
 * @param number of the last event
 * @param state where the last job ended of which that is known, or where the next one was told to
 *     begin: a path of Flink's storage
 * @param jobs that were started since, in their order; only the last one can still run
 * @param allJobs that are remembered: what a state holds may be of one long ago, where those after
 *     it failed to commit it
 * @param command what started the last job
 * @param sinks that the import has committed to, so far as they are known
 * @param states where jobs ended, each once, the oldest first
 * @param error why the last job failed of which it is known how it ended
 * @param takenToRestart the savepoint that a restart has stopped the import with, unless what it
 *     started has run since, or the import was stopped again
 */
public record History(
    long number,
    Optional<String> state,
    List<String> jobs,
    Set<String> allJobs,
    Optional<String> command,
    List<String> sinks,
    List<State> states,
    Optional<String> error,
    Optional<String> takenToRestart) {

  /**
   * Where a job ended.
   *
   * @param number of the event that tells of it
   */
  public record State(long number, String job, String path) {

    /** Whether it is a savepoint that the scheduler has had made, in a folder of the job's name. */
    public boolean isOwnSavepoint() {
      return path.contains("/" + job + "/savepoint-");
    }
  }

  /** One row of the journal. */
  record Event(
      long number, String event, String job, String state, List<String> sinks, String error) {}

  static History of(List<Event> events) {
    long number = 0;
    Optional<String> state = Optional.empty();
    LinkedHashSet<String> jobs = new LinkedHashSet<>();
    Set<String> allJobs = new HashSet<>();
    Optional<String> command = Optional.empty();
    List<String> sinks = List.of();
    List<State> states = new ArrayList<>();
    Optional<String> error = Optional.empty();
    Optional<String> taken = Optional.empty();
    for (Event event : events) {
      number = event.number();
      allJobs.add(event.job());
      if (event.event().equals(Journal.STOPPED)) {
        Optional<State> end =
            Optional.ofNullable(event.state())
                .map(path -> new State(event.number(), event.job(), path));
        end.ifPresent(last -> addLast(states, last));
        state = end.map(State::path);
        boolean toRestart = !jobs.isEmpty() && command.filter(Journal.RESTART::equals).isPresent();
        taken = end.filter(last -> toRestart && last.isOwnSavepoint()).map(State::path);
        jobs.clear();
        sinks = event.sinks();
        error = Optional.ofNullable(event.error());
      } else {
        state = Optional.ofNullable(event.state());
        jobs.remove(event.job());
        jobs.add(event.job());
        command = Optional.of(event.event());
        taken = taken.filter(path -> event.event().equals(Journal.RESTART));
      }
    }
    return new History(
        number,
        state,
        List.copyOf(jobs),
        Set.copyOf(allJobs),
        command,
        sinks,
        List.copyOf(states),
        error,
        taken);
  }

  /** A job that has left no state of its own ends where it began: that is one state. */
  private static void addLast(List<State> states, State state) {
    states.removeIf(before -> before.path().equals(state.path()));
    states.add(state);
  }

  /** Whether the last job was to run until it is stopped. */
  public boolean isContinuous() {
    return command.isPresent() && !command.get().equals(Journal.IMPORT_ONCE);
  }

  /** The newest of the states, if that is where the next job is to begin. */
  public Optional<State> lastState() {
    return states.isEmpty()
        ? Optional.empty()
        : Optional.of(states.get(states.size() - 1))
            .filter(last -> state.filter(last.path()::equals).isPresent());
  }

  /** The job that may still run. */
  public Optional<String> lastJob() {
    return jobs.isEmpty() ? Optional.empty() : Optional.of(jobs.get(jobs.size() - 1));
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.History;
import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import dev.kafkacloudberry.scheduler.flink.FlinkException;
import dev.kafkacloudberry.scheduler.flink.JobState;
import dev.kafkacloudberry.scheduler.flink.StoredState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An import whose jobs are started and stopped one after the other, each where the one before has
 * ended.
 *
 * <p>Every step is noted in the journal before or after it, so that whatever crashes in between,
 * the next command finds out what has become of the last job: it still runs, it has ended and Flink
 * knows where, or Flink has lost it, and then the storage has what is left. A job that may or may
 * not have been started is started again under the same id, of which Flink accepts only one.
 */
final class ScheduledImport {

  /** What stopping a job may take at least, before it is cancelled. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(1);

  /** What Flink may take to tell where a savepoint is, when the job has ended with it. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

  private static final String SAVEPOINTS = "execution.checkpointing.savepoint-dir";

  /** How Flink says that it has a job of this id, or had one. */
  private static final String DUPLICATE = "already been submitted";

  /** What Flink says that has given up waiting, while something else may go on. */
  private static final Pattern UNCLEAR = Pattern.compile("(?i)timed? ?out");

  /** What an importer says that cannot reach the database when it plans a job. */
  private static final Pattern OUTAGE = Pattern.compile("\\(SQLSTATE (08\\w{3}|57P0\\d|53300)\\)");

  private final FlinkCluster flink;
  private final Journal journal;
  private final Patience patience;
  private final Messages messages;
  private final String savepoints;
  private History history;

  /**
   * @param savepoints the folder of Flink's savepoints
   */
  private ScheduledImport(
      FlinkCluster flink,
      Journal journal,
      Patience patience,
      Messages messages,
      String savepoints,
      History history) {
    this.flink = flink;
    this.journal = journal;
    this.patience = patience;
    this.messages = messages;
    this.savepoints = savepoints;
    this.history = history;
  }

  /**
   * @throws SchedulerException if somebody else handles the import, or Flink has no folder for
   *     savepoints
   */
  static ScheduledImport of(
      FlinkCluster flink, Journal journal, Patience patience, Messages messages)
      throws SchedulerException {
    if (!patience.ask(journal::lock)) {
      throw SchedulerException.busy(
          "Another command of the scheduler handles this import at the moment");
    }
    String savepoints = patience.ask(flink::configuration).get(SAVEPOINTS);
    if (savepoints == null) {
      throw SchedulerException.failed(
          "Flink does not know where to put savepoints: set %s in its configuration"
              .formatted(SAVEPOINTS));
    }
    return new ScheduledImport(
        flink, journal, patience, messages, savepoints, patience.ask(journal::history));
  }

  History history() {
    return history;
  }

  /** Whether the last thing that is known is a savepoint of this job. */
  boolean hasSavepointOf(String job) {
    return history
        .lastState()
        .filter(last -> last.job().equals(job) && last.isOwnSavepoint())
        .isPresent();
  }

  /** The job that was started last and is not known to have ended, with what Flink says of it. */
  Optional<JobState> lastJobState() throws SchedulerException {
    Optional<String> job = history.lastJob();
    return job.isEmpty() ? Optional.empty() : state(job.get());
  }

  Optional<JobState> state(String job) throws SchedulerException {
    return patience.ask(() -> flink.state(job));
  }

  /**
   * Ends the last job, if it runs.
   *
   * @return where to go on
   */
  Continuation settle() throws SchedulerException {
    Optional<String> last = history.lastJob();
    if (last.isEmpty()) {
      return Continuation.after(history.state());
    }
    Optional<JobState> state = state(last.get());
    if (state.isEmpty()) {
      return new Continuation(history.state(), history.jobs());
    }
    if (!state.get().isEnd()) {
      messages.say("Job %s still runs: it is stopped.".formatted(last.get()));
    }
    stopOrCancel(last.get(), new Patience(LONGEST_STOP, messages));
    return settle();
  }

  /**
   * Ends the last job, if it runs, at the beginning of a command that is going to start another.
   *
   * @return where to go on
   */
  Continuation goOn() throws SchedulerException {
    Continuation from = settle();
    history
        .takenToRestart()
        .ifPresent(
            path ->
                messages.problem(
                    "A restart was cut short when it had stopped the import, with savepoint %s"
                        .formatted(path)));
    return from;
  }

  /**
   * Notes that the job that runs is going to be stopped, to be started again. It is the only one
   * whose savepoint will do, whatever a restart has taken before.
   */
  void beginRestart() throws SchedulerException {
    keep(Journal.START);
    keep(Journal.RESTART);
  }

  /** Notes that a restart which was cut short is not wanted any more. */
  void giveUpRestart() throws SchedulerException {
    if (history.takenToRestart().isEmpty()) {
      return;
    }
    if (history.lastJob().isPresent()) {
      // Flink does not know it, but it may have left something to go on from.
      keep(Journal.START);
    } else {
      History.State last = history.lastState().orElseThrow();
      history = patience.ask(() -> journal.stopped(history, last.job(), last.path(), null));
    }
  }

  /**
   * Starts a job.
   *
   * @return its id
   */
  String start(String command, Continuation from, Path jar, List<String> arguments)
      throws SchedulerException {
    List<String> lost = from.lostJobs();
    String job = lost.isEmpty() ? FlinkCluster.newJobId() : lost.get(lost.size() - 1);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(from.arguments());
    all.addAll(List.of("--set", Connections.LEDGER_SCHEMA + "=" + journal.schema()));
    History before = history;
    history = patience.ask(() -> journal.starts(history, command, job, from.state().orElse(null)));
    messages.say("Starting job %s from %s.".formatted(job, from));
    try {
      flink.run(job, jar, all);
    } catch (IOException e) {
      // It may be started, or not: whoever waits for it finds out.
      messages.problem(e.getMessage());
    } catch (FlinkException e) {
      Optional<JobState> state = state(job);
      if (!isDuplicate(e)) {
        throwUnlessOutage(before, job, state, e);
      } else if (state.isEmpty()) {
        // Flink has forgotten the job, but not that its id was taken.
        List<String> jobs = new ArrayList<>(lost);
        jobs.add(FlinkCluster.newJobId());
        return start(command, new Continuation(from.state(), jobs), jar, arguments);
      }
    }
    return job;
  }

  private static boolean isDuplicate(FlinkException failure) {
    return failure.getMessage().contains(DUPLICATE);
  }

  /** Remembers the job that runs as started by another command. */
  String keep(String command) throws SchedulerException {
    String job = history.lastJob().orElseThrow();
    String state = history.state().orElse(null);
    history = patience.ask(() -> journal.starts(history, command, job, state));
    return job;
  }

  /** A program that fails may have started a job before. */
  private void throwUnlessOutage(
      History before, String job, Optional<JobState> state, FlinkException failure)
      throws SchedulerException {
    if (state.isPresent() && !state.get().isEnd()) {
      cancel(job);
    }
    String message = "The import does not start: %s".formatted(failure.getMessage());
    if (!OUTAGE.matcher(message).find()) {
      if (state.isEmpty() || state.get() == JobState.FAILED && hasNothingOf(job)) {
        takeBack(before, job, message);
      }
      throw SchedulerException.failed(message);
    }
    if (patience.isOver()) {
      throw SchedulerException.timeLimit("The time limit is reached. " + message);
    }
    messages.problem(message);
    patience.pause();
  }

  /** Whether a job has left nothing, as it never ran. */
  private boolean hasNothingOf(String job) throws SchedulerException {
    return patience.ask(() -> flink.newestState(job)).isEmpty();
  }

  /**
   * Where it was to begin was only for this once. Everything is as it was, but that a job which may
   * come yet is remembered.
   */
  private void takeBack(History before, String job, String error) throws SchedulerException {
    String state = before.state().orElse(null);
    if (before.lastJob().isPresent() || UNCLEAR.matcher(error).find()) {
      String command = history.command().orElseThrow();
      history = patience.ask(() -> journal.starts(history, command, job, state));
    } else {
      String ended = before.lastState().map(History.State::job).orElse(job);
      history = patience.ask(() -> journal.stopped(history, ended, state, error));
    }
  }

  /** How a job has ended. */
  enum End {
    WITH_SAVEPOINT,
    /** It failed or was cancelled, and goes on from its last checkpoint. */
    WITHOUT_SAVEPOINT,
    /** It had read all that its query can ever read, and has left nothing to go on from. */
    BY_ITSELF,
    /** Flink does not know it. */
    LOST,
    /** It runs. */
    NOT_YET
  }

  /**
   * Stops a job with a savepoint, or finds out how it has ended.
   *
   * @throws SchedulerException if the time limit is reached before
   */
  End stop(String job) throws SchedulerException {
    End end = stop(job, patience);
    if (end == End.NOT_YET) {
      throw SchedulerException.timeLimit(
          "The time limit is reached before job %s has stopped. If it cannot, 'stop --cancel' ends it"
              .formatted(job));
    }
    return end;
  }

  /**
   * Stops a job with a savepoint, or cancels it if that takes longer than it may; then it goes on
   * from its last checkpoint.
   */
  End stopOrCancel(String job, Patience atMost) throws SchedulerException {
    End end = stop(job, atMost);
    if (end != End.NOT_YET) {
      return end;
    }
    messages.problem("Job %s does not stop in time and is cancelled.".formatted(job));
    cancel(job);
    return stop(job);
  }

  private End stop(String job, Patience atMost) throws SchedulerException {
    Optional<String> request = Optional.empty();
    while (true) {
      Optional<JobState> state = state(job);
      if (state.isEmpty()) {
        return End.LOST;
      }
      if (state.get().isEnd()) {
        return ended(job, state.get(), savepoint(job, request));
      }
      if (atMost.isOver()) {
        return End.NOT_YET;
      }
      request = stopRequest(job, state.get(), request);
      atMost.pause();
    }
  }

  /** What a run may take to stop its job: what is left of its time, but not too little. */
  Patience toStop() {
    return patience.atLeast(LONGEST_STOP);
  }

  /** It may have ended meanwhile, which Flink takes for an error. */
  private void cancel(String job) {
    try {
      flink.cancel(job);
    } catch (IOException | FlinkException e) {
      messages.say("Job %s cannot be cancelled: %s".formatted(job, e.getMessage()));
    }
  }

  /** Asks for a savepoint, or how that goes, and for another if it has failed. */
  private Optional<String> stopRequest(String job, JobState state, Optional<String> request)
      throws SchedulerException {
    try {
      if (request.isPresent()) {
        flink.savepoint(job, request.get());
        return request;
      }
      return state == JobState.RUNNING
          ? Optional.of(flink.stop(job, savepoints.replaceFirst("/+$", "") + "/" + job))
          : request;
    } catch (IOException | FlinkException e) {
      messages.problem("Job %s does not stop yet: %s".formatted(job, e.getMessage()));
      return Optional.empty();
    }
  }

  /** The savepoint that a job was asked for which has ended; empty if it was not, or has none. */
  private Optional<String> savepoint(String job, Optional<String> request)
      throws SchedulerException {
    Patience answer = new Patience(LONGEST_ANSWER, messages);
    while (request.isPresent() && !answer.isOver()) {
      try {
        Optional<String> savepoint = flink.savepoint(job, request.get());
        if (savepoint.isPresent()) {
          return savepoint;
        }
      } catch (IOException | FlinkException e) {
        messages.say("Job %s has ended: %s".formatted(job, e.getMessage()));
        return Optional.empty();
      }
      answer.pause();
    }
    return Optional.empty();
  }

  /**
   * @param savepoint what it was stopped with, as far as Flink has said so
   */
  private End ended(String job, JobState state, Optional<String> savepoint)
      throws SchedulerException {
    // Until then Flink may tell what it was asked before the job ended, by whomever.
    patience.pause(patience.ask(flink::refreshInterval));
    Optional<StoredState> newest =
        state == JobState.FINISHED && savepoint.isPresent()
            ? savepoint.map(path -> new StoredState(path, true))
            : patience.ask(() -> flink.newestState(job));
    if (newest.isEmpty() && state(job).isEmpty()) {
      return End.LOST;
    }
    boolean hasSavepoint = newest.isPresent() && newest.get().isSavepoint();
    // A job that finishes takes its checkpoints with it.
    boolean isStored = hasSavepoint || state != JobState.FINISHED;
    String path =
        newest.filter(found -> isStored).map(StoredState::path).or(history::state).orElse(null);
    String error = state == JobState.FINISHED ? null : lastError(job).orElse(null);
    history = patience.ask(() -> journal.stopped(history, job, path, error));
    if (state != JobState.FINISHED) {
      return End.WITHOUT_SAVEPOINT;
    }
    return hasSavepoint ? End.WITH_SAVEPOINT : End.BY_ITSELF;
  }

  /** Says why the end of a job is no good one. */
  static SchedulerException endedByItself(String job) {
    return SchedulerException.failed(
        "Job %s has ended by itself, so there is nothing to go on from. Queries that end are no work for the scheduler: run them with flink run"
            .formatted(job));
  }

  /** What Flink says went wrong with a job last. */
  Optional<String> lastError(String job) throws SchedulerException {
    return patience.ask(() -> flink.lastError(job));
  }

  /** Removes the oldest savepoints that were made by commands, so that only so many stay. */
  void prune(int keep) throws SchedulerException {
    List<History.State> states = history.states();
    for (History.State state : states.subList(0, Math.max(0, states.size() - keep))) {
      if (state.isOwnSavepoint()) {
        dispose(state.path());
      }
      patience.ask(
          () -> {
            journal.forget(state);
            return null;
          });
    }
  }

  private void dispose(String path) throws SchedulerException {
    try {
      String request = flink.dispose(path);
      Patience disposing = new Patience(LONGEST_STOP, messages);
      while (!flink.isDisposed(request) && !disposing.isOver()) {
        disposing.pause();
      }
    } catch (IOException | FlinkException e) {
      messages.say("Cannot remove %s: %s".formatted(path, e.getMessage()));
    }
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.ImportedPartition;
import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.JobState;
import dev.kafkacloudberry.scheduler.flink.Reading;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One run of import-once, from the start of its job to the summary. */
final class ImportRun {

  /** A running source tells its metrics long before. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private final SchedulerCommand.Context context;
  private final ScheduledImport scheduled;
  private final Patience patience;
  private final Messages messages;
  private final Path jar;
  private final List<String> arguments;
  private final int keep;
  private final Goals goals = new Goals();
  private Optional<Instant> silentSince = Optional.empty();

  /** The jobs of this run, and the one before, of whose rows the last may be committed now. */
  private final Set<String> jobs = new LinkedHashSet<>();

  ImportRun(SchedulerCommand.Context context) throws SchedulerException {
    this.context = context;
    scheduled = context.scheduled();
    patience = context.patience();
    messages = context.options().messages();
    jar = context.options().definition().jar();
    arguments = context.options().definition().arguments();
    keep = context.options().keep();
  }

  /**
   * @return the exit code
   */
  int run() throws SchedulerException {
    Instant began = Instant.now();
    Instant since = patience.ask(() -> context.journal().ledger().now());
    jobs.addAll(scheduled.history().jobs());
    boolean isComplete = importAll();
    List<ImportedPartition> imported =
        patience.ask(() -> context.journal().ledger().imported(jobs, since));
    scheduled.prune(keep);
    new RunSummary(
            context.options().name(),
            isComplete,
            since,
            Duration.between(began, Instant.now()),
            scheduled.history().state(),
            imported)
        .print(context.options().out(), context.options().json());
    return isComplete ? ExitCode.DONE : ExitCode.TIME_LIMIT;
  }

  /**
   * Runs jobs, most often one, until all is imported.
   *
   * @return false if the time limit came first
   */
  private boolean importAll() throws SchedulerException {
    Continuation from = context.options().from(scheduled.settle());
    while (true) {
      String job = scheduled.start(Journal.IMPORT_ONCE, from, jar, arguments);
      jobs.add(job);
      Optional<Reading> reached = awaitGoals(job);
      ScheduledImport.End end = scheduled.stop(job, true);
      requireOrderlyEnd(job, end);
      // A reader that was restarted after its last word has gone back to a checkpoint.
      if (end == ScheduledImport.End.WITH_SAVEPOINT
          && reached.isPresent()
          && attempts(reading(job)).equals(attempts(reached))) {
        return true;
      }
      if (patience.isOver()) {
        return false;
      }
      from = scheduled.settle();
    }
  }

  /**
   * Waits until everything that there was has gone on to the query.
   *
   * @return empty if the job has ended, Flink has lost it, or the time limit is reached
   */
  private Optional<Reading> awaitGoals(String job) throws SchedulerException {
    String reported = "";
    while (!patience.isOver()) {
      context.requireLock();
      Optional<JobState> state = scheduled.state(job);
      if (state.isEmpty() || state.get().isEnd()) {
        return Optional.empty();
      }
      Optional<Reading> reading = state.get() == JobState.RUNNING ? reading(job) : Optional.empty();
      if (reading.isPresent()) {
        requireProgress(job, reading.get());
        goals.set(reading.get());
        if (goals.areReached(reading.get())) {
          return reading;
        }
        messages.progress(
            reading.get().isComplete()
                ? "%,d messages are still to be read.".formatted(goals.left(reading.get()))
                : "Waiting for the job's readers.");
      }
      String error = scheduled.lastError(job).orElse("");
      if (!error.equals(reported)) {
        messages.problem("A part of the job has failed and is restarted: " + error);
        reported = error;
      }
      patience.pause();
    }
    return Optional.empty();
  }

  private void requireProgress(String job, Reading reading) throws SchedulerException {
    if (!reading.isSilent()) {
      silentSince = Optional.empty();
      return;
    }
    Instant now = Instant.now();
    Instant since = silentSince.orElse(now);
    silentSince = Optional.of(since);
    if (since.plus(LONGEST_SILENCE).isBefore(now)) {
      scheduled.stop(job, true);
      throw SchedulerException.failed(
          "Job %s is stopped: a source of it does not tell how far it is. import-once waits for tables with 'connector' = 'kafka-partitioned'"
              .formatted(job));
    }
  }

  private static Optional<List<Integer>> attempts(Optional<Reading> reading) {
    return reading.map(Reading::attempts);
  }

  private Optional<Reading> reading(String job) throws SchedulerException {
    return patience.ask(() -> context.flink().reading(job));
  }

  private void requireOrderlyEnd(String job, ScheduledImport.End end) throws SchedulerException {
    if (end == ScheduledImport.End.BY_ITSELF) {
      throw SchedulerException.failed(
          "Job %s has ended by itself, so there is nothing to go on from. Queries that end are no work for the scheduler: run them with flink run"
              .formatted(job));
    }
    if (end == ScheduledImport.End.WITHOUT_SAVEPOINT && !patience.isOver()) {
      throw SchedulerException.failed(
          "Job %s has failed: %s%nThe next run goes on from its last checkpoint."
              .formatted(job, scheduled.lastError(job).orElse("it was cancelled")));
    }
  }
}

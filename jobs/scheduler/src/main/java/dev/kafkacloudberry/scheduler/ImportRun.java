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

  /** So long after it runs, a source has told the JobManager what it is. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(20);

  /** What has failed is told, and need not be told at once. */
  private static final Duration BETWEEN_ERRORS = Duration.ofSeconds(5);

  private final SchedulerCommand.Context context;
  private final ScheduledImport scheduled;
  private final Patience patience;
  private final Messages messages;
  private final Path jar;
  private final List<String> arguments;
  private final int keep;
  private final Goals goals = new Goals();
  private Optional<Instant> foreignSince = Optional.empty();
  private Instant nextError = Instant.EPOCH;
  private Optional<String> reportedError = Optional.empty();

  /** Of the job that the time limit came for. */
  private Optional<String> lastError = Optional.empty();

  /** The jobs of this run, and those before, of whose rows the last may be committed now. */
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
    jobs.addAll(scheduled.history().allJobs());
    boolean isComplete = importAll();
    List<ImportedPartition> imported =
        patience.ask(() -> context.journal().ledger().imported(jobs, since));
    new RunSummary(
            context.options().name(),
            isComplete,
            lastError,
            since,
            Duration.between(began, Instant.now()),
            scheduled.history().state(),
            imported)
        .print(context.options().out(), context.options().json());
    scheduled.prune(keep);
    return isComplete ? ExitCode.DONE : ExitCode.TIME_LIMIT;
  }

  /**
   * Runs jobs, most often one, until all is imported.
   *
   * @return false if the time limit came first
   */
  private boolean importAll() throws SchedulerException {
    Continuation from = context.options().from(scheduled.goOn());
    while (true) {
      String job = scheduled.start(Journal.IMPORT_ONCE, from, jar, arguments);
      jobs.add(job);
      Optional<Reading> reached = awaitGoals(job);
      ScheduledImport.End end = scheduled.stopOrCancel(job, scheduled.toStop());
      requireOrderlyEnd(job, end);
      // A reader that was restarted after its last word has gone back to a checkpoint.
      if (end == ScheduledImport.End.WITH_SAVEPOINT
          && reached.isPresent()
          && execution(reading(job)).equals(execution(reached))) {
        return true;
      }
      if (patience.isOver()) {
        lastError = scheduled.lastError(job);
        return false;
      }
      patience.pause();
      from = scheduled.settle();
    }
  }

  /**
   * Waits until everything that there was has gone on to the query.
   *
   * @return empty if the job has ended, Flink has lost it, or the time limit is reached
   */
  private Optional<Reading> awaitGoals(String job) throws SchedulerException {
    foreignSince = Optional.empty();
    while (!patience.isOver()) {
      context.requireLock();
      Optional<JobState> state = scheduled.state(job);
      if (state.isEmpty() || state.get().isEnd()) {
        return Optional.empty();
      }
      Optional<Reading> reading = state.get() == JobState.RUNNING ? reading(job) : Optional.empty();
      if (reading.isPresent()) {
        if (isKnown(job, reading.get())) {
          goals.set(reading.get());
          if (goals.areReached(reading.get())) {
            return reading;
          }
        }
        messages.progress(
            reading.get().isComplete()
                ? "%,d messages are still to be read.".formatted(goals.left(reading.get()))
                : "Waiting for the job's readers.");
      }
      reportError(job);
      patience.pause();
    }
    return Optional.empty();
  }

  /** The same error is told once. */
  private void reportError(String job) throws SchedulerException {
    if (Instant.now().isBefore(nextError)) {
      return;
    }
    nextError = Instant.now().plus(BETWEEN_ERRORS);
    Optional<String> error = scheduled.lastError(job);
    if (error.isPresent() && !error.equals(reportedError)) {
      messages.problem("A part of the job has failed and is restarted: " + error.get());
    }
    reportedError = error;
  }

  /**
   * Whether it is clear by now which sources tell how far they are.
   *
   * @throws SchedulerException if none does
   */
  private boolean isKnown(String job, Reading reading) throws SchedulerException {
    if (reading.foreign().isEmpty()) {
      return true;
    }
    Instant now = Instant.now();
    Instant since = foreignSince.orElse(now);
    foreignSince = Optional.of(since);
    if (since.plus(LONGEST_SILENCE).isAfter(now)) {
      return false;
    }
    if (!reading.isComplete() && reading.partitions().isEmpty()) {
      scheduled.stopOrCancel(job, scheduled.toStop());
      throw SchedulerException.failed(
          "Job %s is stopped: it reads no table with 'connector' = 'kafka-partitioned', so nobody tells when all is imported"
              .formatted(job));
    }
    messages.problem("Not waited for: " + String.join(", ", reading.foreign()));
    return true;
  }

  private static Optional<String> execution(Optional<Reading> reading) {
    return reading.map(Reading::execution);
  }

  private Optional<Reading> reading(String job) throws SchedulerException {
    return patience.ask(() -> context.flink().reading(job));
  }

  private void requireOrderlyEnd(String job, ScheduledImport.End end) throws SchedulerException {
    if (end == ScheduledImport.End.BY_ITSELF) {
      throw ScheduledImport.endedByItself(job);
    }
    // Where it failed after its savepoint, another job commits what is in that.
    if (end == ScheduledImport.End.WITHOUT_SAVEPOINT
        && !scheduled.hasSavepointOf(job)
        && !patience.isOver()) {
      throw SchedulerException.failed(
          "Job %s has failed: %s%nThe next run goes on from its last checkpoint."
              .formatted(job, scheduled.history().error().orElse("it was cancelled")));
    }
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.flink.JobState;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops an import with a savepoint. */
@Command(
    name = "stop",
    sortOptions = false,
    header = "Stops the import with a savepoint.",
    description = {"The next start, or the next import-once, goes on from it.", ""})
final class StopCommand extends SchedulerCommand {

  /** Then it is clear that it does not stop. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  @Option(
      names = "--cancel",
      description =
          "Cancels a job that cannot be stopped with a savepoint. It goes on from its last checkpoint.")
  private boolean cancel;

  @Override
  int run(Context context) throws SchedulerException {
    Optional<JobState> state = context.scheduled().lastJobState();
    if (state.isEmpty() || state.get().isEnd()) {
      Continuation where = context.scheduled().settle();
      context.options().out().printf("The import does not run. It goes on from %s.%n", where);
    } else if (cancel) {
      cancel(context);
    } else {
      stop(context);
    }
    context.scheduled().giveUpRestart();
    return ExitCode.DONE;
  }

  private static void cancel(Context context) throws SchedulerException {
    ScheduledImport scheduled = context.scheduled();
    scheduled.stopOrCancel(
        scheduled.history().lastJob().orElseThrow(),
        new Patience(LONGEST_STOP, context.options().messages()));
    context
        .options()
        .out()
        .printf("The import has ended. It goes on from %s.%n", scheduled.settle());
  }

  /**
   * Stops the job that runs.
   *
   * @throws SchedulerException if there is no savepoint of it then
   */
  static void stop(Context context) throws SchedulerException {
    String job = context.scheduled().history().lastJob().orElseThrow();
    ScheduledImport.End end = context.scheduled().stop(job);
    if (end != ScheduledImport.End.WITH_SAVEPOINT) {
      throw SchedulerException.failed(
          "Job %s has ended without the savepoint. What is stored of it is where the next start goes on"
              .formatted(job));
    }
    context
        .options()
        .out()
        .printf(
            "Job %s has stopped with savepoint %s%n",
            job, context.scheduled().history().state().orElseThrow());
    context.scheduled().prune(context.options().keep());
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Starts an import that runs until it is stopped. */
@Command(
    name = "start",
    sortOptions = false,
    header = "Starts the import, which runs until it is stopped.",
    description = {"Goes on where the last job ended. Does nothing if the import runs.", ""})
final class StartCommand extends SchedulerCommand {

  @Override
  int run(Context context) throws SchedulerException {
    Path jar = context.options().definition().jar();
    List<String> arguments = context.options().definition().arguments();
    Optional<JobState> state = context.scheduled().lastJobState();
    if (state.isPresent() && !state.get().isEnd()) {
      context
          .options()
          .refuseFrom(
              "The import runs already, so --from is of no use. Stop it first, then start it from there");
      String job = context.scheduled().keep(Journal.START);
      context.options().out().printf("The import runs already, as job %s.%n", job);
      return ExitCode.DONE;
    }
    Continuation from = context.options().from(context.scheduled().goOn());
    start(context, Journal.START, from, jar, arguments);
    return ExitCode.DONE;
  }

  /** Starts a job and waits until it runs. */
  static void start(
      Context context, String command, Continuation from, Path jar, List<String> arguments)
      throws SchedulerException {
    String job = context.scheduled().start(command, from, jar, arguments);
    while (true) {
      Optional<JobState> state = context.scheduled().state(job);
      if (state.isEmpty()) {
        job = context.scheduled().start(command, context.scheduled().settle(), jar, arguments);
      }
      String started = job;
      if (state.isPresent() && context.patience().ask(() -> context.flink().isRunning(started))) {
        context.options().out().printf("The import runs, as job %s.%n", job);
        return;
      }
      if (state.isPresent() && state.get().isEnd()) {
        if (context.scheduled().stop(job) == ScheduledImport.End.BY_ITSELF) {
          throw ScheduledImport.endedByItself(job);
        }
        throw SchedulerException.failed(
            "Job %s has ended: %s"
                .formatted(job, context.scheduled().history().error().orElse("it was cancelled")));
      }
      if (context.patience().isOver()) {
        throw SchedulerException.timeLimit(
            "The time limit is reached before job %s runs: %s. It stays; 'stop --cancel' ends it"
                .formatted(
                    job,
                    context.scheduled().lastError(job).orElse("its tasks wait for free slots")));
      }
      context.patience().pause();
    }
  }
}

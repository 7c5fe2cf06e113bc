package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.JobState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Stops an import with a savepoint and starts it from there. */
@Command(
    name = "restart",
    sortOptions = false,
    header = "Stops the import with a savepoint and starts it from there.",
    description = {
      "For another version of the jar, another script or configuration, another parallelism (--set"
          + " parallelism.default=8). Starts nothing without the savepoint that it has just taken. A restart that was cut short"
          + " behind its savepoint goes on from it.",
      ""
    })
final class RestartCommand extends SchedulerCommand {

  @Override
  int run(Context context) throws SchedulerException {
    context
        .options()
        .refuseFrom(
            "restart goes on from the savepoint that it takes, so --from is of no use. To begin elsewhere, stop, then start with --from");
    Path jar = context.options().definition().jar();
    List<String> arguments = context.options().definition().arguments();
    Optional<JobState> state = context.scheduled().lastJobState();
    Continuation from =
        state.isPresent() && !state.get().isEnd() ? stop(context) : goOnWithRestart(context);
    StartCommand.start(context, Journal.RESTART, from, jar, arguments);
    context.scheduled().keep(Journal.START);
    return ExitCode.DONE;
  }

  private static Continuation stop(Context context) throws SchedulerException {
    context.scheduled().beginRestart();
    StopCommand.stop(context);
    return Continuation.after(context.scheduled().history().state());
  }

  /** What was stopped by a restart that did not come further is started from its savepoint. */
  private static Continuation goOnWithRestart(Context context) throws SchedulerException {
    Continuation from = context.scheduled().goOn();
    if (context.scheduled().history().takenToRestart().isEmpty()) {
      throw SchedulerException.failed("The import does not run. Use start");
    }
    return from;
  }
}

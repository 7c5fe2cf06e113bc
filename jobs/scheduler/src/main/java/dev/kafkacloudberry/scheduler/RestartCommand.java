package dev.kafkacloudberry.scheduler;

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
          + " parallelism.default=8). Starts nothing without the savepoint that it has just taken.",
      ""
    })
final class RestartCommand extends SchedulerCommand {

  @Override
  int run(Context context) throws SchedulerException {
    Path jar = context.options().definition().jar();
    List<String> arguments = context.options().definition().arguments();
    Optional<JobState> state = context.scheduled().lastJobState();
    if (state.isEmpty() || state.get().isEnd()) {
      throw SchedulerException.failed("The import does not run. Use start");
    }
    StopCommand.stop(context);
    Continuation from = Continuation.after(context.scheduled().history().state());
    StartCommand.start(context, from, jar, arguments);
    return ExitCode.DONE;
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.History;
import dev.kafkacloudberry.scheduler.flink.JobState;
import java.util.Optional;
import picocli.CommandLine.Command;

/** What cron calls. */
@Command(
    name = "import-once",
    sortOptions = false,
    header = "Imports all that is in Kafka now, and stops.",
    description = {
      "Goes on where the last run ended, waits until every message that was in Kafka when it started is"
          + " committed, stops the job with a savepoint, and prints what was imported.",
      "Two runs never overlap. Whatever a run leaves that was killed, the next one resolves.",
      ""
    })
final class ImportOnceCommand extends SchedulerCommand {

  @Override
  int run(Context context) throws SchedulerException {
    refuseBesideContinuous(context);
    return new ImportRun(context).run();
  }

  private static void refuseBesideContinuous(Context context) throws SchedulerException {
    History history = context.scheduled().history();
    Optional<JobState> state = context.scheduled().lastJobState();
    if (history.isContinuous() && state.isPresent() && !state.get().isEnd()) {
      throw SchedulerException.busy(
          "The import runs all the time, as job %s: it was started by 'start'. Stop it first"
              .formatted(history.lastJob().orElseThrow()));
    }
  }
}

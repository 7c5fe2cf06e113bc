package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how far an import is. */
@Command(
    name = "status",
    sortOptions = false,
    header = "Shows how far the import is.",
    description = {
      "What is committed is from the ledger. Where the topics end is known while a job runs, and so are"
          + " the lag and the partitions of which nothing is committed yet.",
      ""
    })
final class StatusCommand implements Callable<Integer> {

  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  @Mixin private CommandOptions options;

  @Option(names = "--watch", description = "Shows it again and again, with bars, until Ctrl-C.")
  private boolean watch;

  @Override
  public Integer call() throws SchedulerException {
    FlinkCluster flink = options.connections().flink();
    Patience patience = Patience.none(options.messages());
    try (Journal journal = options.journal(flink, patience)) {
      show(ImportStatus.of(options.name(), flink, journal, patience));
      while (watch) {
        patience.pause();
        show(ImportStatus.of(options.name(), flink, journal, options.patience()));
      }
      return ExitCode.DONE;
    } catch (SQLException e) {
      throw SchedulerException.failed(e);
    }
  }

  private void show(ImportStatus status) {
    String text = options.json() ? status.json() : status.text(watch);
    options.out().println(watch && !options.json() ? CLEAR_SCREEN + text : text);
    options.out().flush();
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that handles one import, which nobody else does meanwhile. */
abstract class SchedulerCommand implements Callable<Integer> {

  @Mixin private CommandOptions options;

  @Override
  public final Integer call() throws SchedulerException {
    Patience patience = options.patience();
    FlinkCluster flink = options.connections().flink();
    try (Journal journal = options.journal(flink, patience)) {
      ScheduledImport scheduled = ScheduledImport.of(flink, journal, patience, options.messages());
      return run(new Context(options, flink, journal, patience, scheduled));
    } catch (SQLException e) {
      throw SchedulerException.failed(e);
    }
  }

  /** What a command works with. */
  record Context(
      CommandOptions options,
      FlinkCluster flink,
      Journal journal,
      Patience patience,
      ScheduledImport scheduled) {

    /**
     * Sees to it that the lock is held, also after the connection was lost that held it: a database
     * may not notice that at once.
     */
    void requireLock() throws SchedulerException {
      while (!patience.ask(journal::lock)) {
        options
            .messages()
            .problem("The connection to the database was lost, and its lock is not free yet.");
        if (patience.isOver()) {
          throw SchedulerException.busy(
              "The connection to the database was lost, and another command handles the import now");
        }
        patience.pause();
      }
    }
  }

  /**
   * @return the exit code
   */
  abstract int run(Context context) throws SchedulerException;
}

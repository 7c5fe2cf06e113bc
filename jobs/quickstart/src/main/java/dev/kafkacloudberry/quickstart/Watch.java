package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** Shows how far an import is, until it is as far as wanted. */
final class Watch {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration LONGEST_STANDSTILL = Duration.ofMinutes(2);

  private final Services services;
  private final Database database;
  private final Console console;
  private final String topic;
  private final ProgressBar bar;
  private final Instant start = Instant.now();

  /**
   * Starts the clock.
   *
   * @param total rows that the table will have at the end
   */
  Watch(Services services, Database database, Console console, String topic, long total)
      throws SQLException {
    this.services = services;
    this.database = database;
    this.console = console;
    this.topic = topic;
    this.bar = new ProgressBar(database.committedRows(), total);
  }

  /**
   * Returns once so many rows are committed.
   *
   * @throws IllegalStateException when the job has ended, or nothing is committed for two minutes
   */
  void awaitCommitted(JobID job, long rows) throws SQLException, InterruptedException {
    long committed = show();
    Instant latestCommit = Instant.now();
    while (committed < rows) {
      requireGoingOn(services.flink(), job);
      if (latestCommit.plus(LONGEST_STANDSTILL).isBefore(Instant.now())) {
        throw new IllegalStateException(
            "nothing was committed for %d s".formatted(LONGEST_STANDSTILL.toSeconds()));
      }
      Thread.sleep(POLL_INTERVAL.toMillis());
      long before = committed;
      committed = show();
      if (committed > before) {
        latestCommit = Instant.now();
      }
    }
  }

  /**
   * Draws the bar.
   *
   * @return the rows that are committed
   */
  long show() throws SQLException {
    long committed = database.committedRows();
    long produced = produced(services.kafka());
    console.progress(bar.draw(committed, produced, Duration.between(start, Instant.now())));
    return committed;
  }

  private long produced(KafkaBroker kafka) {
    return kafka.endOffsets(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  private static void requireGoingOn(FlinkCluster flink, JobID job) {
    JobStatus status = flink.status(job);
    if (status.isGloballyTerminalState()) {
      throw new IllegalStateException("the import ended, " + status);
    }
  }
}

package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.Serializable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * How long transient failures of the database are retried. The wait doubles from the first to the
 * longest backoff.
 *
 * @param timeout how long after the first failure the last attempt may begin
 */
public record RetryPolicy(Duration firstBackoff, Duration longestBackoff, Duration timeout)
    implements Serializable {

  /** One attempt at something that is safe to repeat. */
  @FunctionalInterface
  public interface Attempt<T> {
    T run() throws SQLException, IOException, InterruptedException;
  }

  /**
   * Repeats the attempt until it succeeds, fails for good or the time is over.
   *
   * @param onRetry told of each failure that is going to be retried, and of the wait
   * @throws SQLException the failure of the last attempt
   */
  public <T> T run(Attempt<T> attempt, BiConsumer<SQLException, Duration> onRetry)
      throws SQLException, IOException, InterruptedException {
    Duration backoff = firstBackoff;
    long deadline = 0;
    while (true) {
      try {
        return attempt.run();
      } catch (SQLException e) {
        long now = System.nanoTime();
        deadline = deadline == 0 ? now + timeout.toNanos() : deadline;
        if (FailureCategory.of(e) == FailureCategory.PERMANENT
            || now + backoff.toNanos() > deadline) {
          throw e;
        }
        onRetry.accept(e, backoff);
        Thread.sleep(backoff.toMillis());
        backoff = min(backoff.multipliedBy(2), longestBackoff);
      }
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}

package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.flink.FlinkException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** How long to wait for things, and for Flink and the database where they cannot be reached. */
final class Patience {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Duration atMost;
  private final Instant limit;
  private final Messages messages;

  Patience(Duration atMost, Messages messages) {
    this.atMost = atMost;
    this.limit = Instant.now().plus(atMost);
    this.messages = messages;
  }

  /** None: what cannot be reached at once is a failure. */
  static Patience none(Messages messages) {
    return new Patience(Duration.ZERO, messages);
  }

  /** What is left of it, but no less than a time of its own. */
  Patience atLeast(Duration time) {
    return limit.isAfter(Instant.now().plus(time)) ? this : new Patience(time, messages);
  }

  /** A question to Flink or to the database. */
  interface Question<T> {
    T ask() throws IOException, FlinkException, SQLException;
  }

  boolean isOver() {
    return !Instant.now().isBefore(limit);
  }

  /** Lets some time pass before something is looked at again. */
  void pause() throws SchedulerException {
    pause(PAUSE);
  }

  void pause(Duration time) throws SchedulerException {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SchedulerException.failed("interrupted");
    }
  }

  /**
   * Asks until there is an answer.
   *
   * @throws SchedulerException when the limit is reached, or with a refusal
   */
  <T> T ask(Question<T> question) throws SchedulerException {
    while (true) {
      try {
        return question.ask();
      } catch (IOException e) {
        wait(e);
      } catch (SQLException e) {
        if (!isOutage(e)) {
          throw SchedulerException.failed(e);
        }
        wait(e);
      } catch (FlinkException e) {
        throw SchedulerException.failed(e);
      }
    }
  }

  private void wait(Exception outage) throws SchedulerException {
    if (atMost.isZero()) {
      throw SchedulerException.failed(outage);
    }
    if (isOver()) {
      throw SchedulerException.timeLimit(
          "The time limit is reached: %s".formatted(outage.getMessage()));
    }
    messages.problem(outage.getMessage());
    pause();
  }

  /** A lost connection, a server that starts or stops, or one with too many connections. */
  private static boolean isOutage(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("08") || state.startsWith("57P0") || state.equals("53300");
  }
}

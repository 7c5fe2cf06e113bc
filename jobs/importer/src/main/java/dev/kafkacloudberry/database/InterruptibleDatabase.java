package dev.kafkacloudberry.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs work on a database so that an interrupt of the caller ends it within moments. A thread that
 * reads or writes a socket does not notice an interrupt; so the work has a thread of its own, and
 * the interrupted caller closes the socket under it. The server then rolls back.
 */
public final class InterruptibleDatabase implements AutoCloseable {

  /** What is done with a connection of its own, which is closed afterwards. */
  @FunctionalInterface
  public interface Work<T> {
    T on(Connection connection) throws SQLException, IOException;
  }

  private final ConnectionSettings settings;
  private final ExecutorService thread;
  private volatile Connection current;

  /**
   * @param threadName the name of the thread that does the work
   */
  public InterruptibleDatabase(ConnectionSettings settings, String threadName) {
    this.settings = settings;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, threadName);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Does the work on a new connection.
   *
   * @param applicationName how the server lists the connection
   * @throws InterruptedException when the caller was interrupted; the connection is gone then
   */
  public <T> T call(String applicationName, Work<T> work)
      throws SQLException, IOException, InterruptedException {
    Future<T> result = thread.submit(() -> connectAndDo(applicationName, work));
    try {
      return result.get();
    } catch (InterruptedException e) {
      result.cancel(true);
      abort();
      throw e;
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private <T> T connectAndDo(String applicationName, Work<T> work)
      throws SQLException, IOException, InterruptedException {
    try (Connection connection = settings.open(applicationName)) {
      current = connection;
      if (Thread.interrupted()) {
        throw new InterruptedException("Given up while connecting");
      }
      return work.on(connection);
    } finally {
      current = null;
    }
  }

  private void abort() {
    Connection connection = current;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // It is closed already.
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException failure)
      throws SQLException, IOException {
    Throwable cause = failure.getCause();
    if (cause instanceof SQLException e) {
      throw e;
    }
    if (cause instanceof IOException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  /** Ends what runs, and the thread. */
  @Override
  public void close() {
    thread.shutdownNow();
    abort();
  }
}

package dev.kafkacloudberry.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Statements that happen together or not at all, on a connection that commits by itself otherwise.
 */
@FunctionalInterface
interface Transaction<T> {

  T run() throws SQLException;

  static <T> T in(Connection connection, Transaction<T> transaction) throws SQLException {
    connection.setAutoCommit(false);
    try {
      T result = transaction.run();
      connection.commit();
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException | RuntimeException e) {
      rollBack(connection, e);
      throw e;
    }
  }

  /** Rolls back without hiding why: on a dead connection the rollback fails too. */
  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}

package dev.kafkacloudberry.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Finds the rows that a table refuses: a batch that is refused is halved until single rows are
 * left. Rows that are taken stay until the end of the transaction, so that one which is refused
 * because of an earlier one is found too.
 *
 * @param copy into the table
 */
record RowSearch(Connection connection, CopyStatement copy) {

  private static final Set<String> CLASSES =
      Set.of(
          "22", // data exception
          "23"); // integrity constraint violation

  private static final Set<String> STATES =
      Set.of(
          "54000", // a value too long for an index
          "P0001"); // a trigger that raises an exception

  /** Whether the database has refused rows for what is in them, and would take others. */
  static boolean isRefusal(SQLException failure) {
    String state = failure.getSQLState();
    return serverMessage(failure).isPresent()
        && state != null
        && state.length() == 5
        && (CLASSES.contains(state.substring(0, 2)) || STATES.contains(state));
  }

  private static Optional<ServerErrorMessage> serverMessage(SQLException failure) {
    return failure instanceof PSQLException server
        ? Optional.ofNullable(server.getServerErrorMessage())
        : Optional.empty();
  }

  /** What the database says, in one line, without its severity. */
  static String reason(SQLException refusal) {
    return serverMessage(refusal)
        .map(
            message ->
                message.getDetail() == null
                    ? message.getMessage()
                    : message.getMessage() + ": " + message.getDetail())
        .orElseGet(refusal::getMessage);
  }

  /**
   * Tells the batches which of their rows are refused. The transaction then holds all others.
   *
   * @throws SQLException for any other failure, which says nothing about rows
   */
  void run(RowBatches batches) throws SQLException, IOException {
    for (Optional<RowBatches.Batch> batch = batches.next();
        batch.isPresent();
        batch = batches.next()) {
      search(batch.get(), 0, batch.get().count());
    }
  }

  private void search(RowBatches.Batch batch, int from, int to) throws SQLException, IOException {
    Optional<SQLException> refusal = attempt(batch, from, to);
    if (refusal.isEmpty()) {
      return;
    }
    if (to - from == 1) {
      batch.refused(from, refusal.get());
      return;
    }
    int middle = (from + to) >>> 1;
    search(batch, from, middle);
    search(batch, middle, to);
  }

  private Optional<SQLException> attempt(RowBatches.Batch batch, int from, int to)
      throws SQLException, IOException {
    Savepoint before = connection.setSavepoint();
    try {
      copy.run(connection, out -> batch.writeTo(out, from, to));
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      connection.rollback(before);
      connection.releaseSavepoint(before);
      return Optional.of(e);
    }
    connection.releaseSavepoint(before);
    return Optional.empty();
  }
}

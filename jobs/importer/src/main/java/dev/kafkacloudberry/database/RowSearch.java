package dev.kafkacloudberry.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds the rows that a table refuses. Of a COPY that is refused, the part before the row that the
 * database names is tried, then that row alone; if it names none, either half. The next COPY is
 * then shorter, and longer again once one is taken, so that it costs little whether refused rows
 * are rare or follow each other.
 *
 * <p>Rows that are taken stay until the end of the transaction, so that one which is refused
 * because of an earlier one is found too.
 */
final class RowSearch {

  private static final int CHANGE = 4;

  private final Connection connection;
  private final CopyStatement copy;
  private final Load load;
  private int rowsAtOnce;

  /**
   * @param copy into the table
   */
  RowSearch(Connection connection, CopyStatement copy, Load load) {
    this.connection = connection;
    this.copy = copy;
    this.load = load;
  }

  /**
   * Tells the batches which of their rows are refused. The transaction then holds all others.
   *
   * @throws SQLException for any other failure, which says nothing about rows, and for a table that
   *     refuses even a COPY without rows
   */
  void run(RowBatches.Passes passes) throws SQLException, IOException {
    execute("SAVEPOINT before_rows");
    boolean isFirst = true;
    for (Optional<RowBatches> pass = passes.next(); pass.isPresent(); pass = passes.next()) {
      rowsAtOnce = Integer.MAX_VALUE;
      try (RowBatches batches = pass.get()) {
        for (Optional<RowBatches.Batch> batch = batches.next();
            batch.isPresent();
            batch = batches.next()) {
          if (isFirst) {
            requireThatNoRowsAreTaken(batch.get());
            isFirst = false;
          }
          search(batch.get());
        }
      }
    }
  }

  private void requireThatNoRowsAreTaken(RowBatches.Batch batch) throws SQLException, IOException {
    Optional<SQLException> refusal = attempt(batch, 0, 0);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  private void search(RowBatches.Batch batch) throws SQLException, IOException {
    int from = 0;
    while (from < batch.count()) {
      int to = (int) Math.min(batch.count(), (long) from + rowsAtOnce);
      Optional<SQLException> refusal = attempt(batch, from, to);
      if (refusal.isPresent()) {
        rowsAtOnce = Math.max(1, (to - from) / CHANGE);
        from = isolate(batch, from, to, refusal.get());
      } else {
        rowsAtOnce = (int) Math.min(Integer.MAX_VALUE, (long) rowsAtOnce * CHANGE);
        from = to;
      }
    }
  }

  /**
   * Finds refused rows in a part of a batch that is refused.
   *
   * @return up to where it has looked
   */
  private int isolate(RowBatches.Batch batch, int from, int to, SQLException refusal)
      throws SQLException, IOException {
    if (to - from == 1) {
      batch.refused(from, Refusal.of(refusal, load));
      return to;
    }
    OptionalLong row = Refusal.row(refusal);
    if (row.isPresent() && row.getAsLong() >= 1 && row.getAsLong() <= to - from) {
      int suspect = from + (int) row.getAsLong() - 1;
      isolate(batch, from, suspect);
      isolate(batch, suspect, suspect + 1);
      return suspect + 1;
    }
    int middle = (from + to) >>> 1;
    isolate(batch, from, middle);
    isolate(batch, middle, to);
    return to;
  }

  private void isolate(RowBatches.Batch batch, int from, int to) throws SQLException, IOException {
    int next = from;
    while (next < to) {
      Optional<SQLException> refusal = attempt(batch, next, to);
      next = refusal.isPresent() ? isolate(batch, next, to, refusal.get()) : to;
    }
  }

  private Optional<SQLException> attempt(RowBatches.Batch batch, int from, int to)
      throws SQLException, IOException {
    try {
      copy.run(connection, out -> batch.writeTo(out, from, to));
    } catch (SQLException e) {
      if (!Refusal.is(e)) {
        throw e;
      }
      execute("ROLLBACK TO SAVEPOINT before_rows");
      return Optional.of(e);
    }
    execute("RELEASE SAVEPOINT before_rows; SAVEPOINT before_rows");
    return Optional.empty();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

package dev.kafkacloudberry.database;

import dev.kafkacloudberry.database.OverlapCheck.Verdict;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one transaction of a load: its records in the ledger, its rejects, then the COPY of its rows.
 * All or none become visible.
 */
public final class LoadTransaction {

  /** What became of a load. */
  public enum Outcome {
    /** This transaction stored the rows. */
    COMMITTED,
    /** An earlier one had stored them; this one wrote nothing. */
    ALREADY_COMMITTED,
    /** Others have loaded all of its offsets since it was staged; it is recorded as skipped. */
    SKIPPED
  }

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * What a load needs of its session, whatever is set for the role or the database: a client whose
   * host is gone is noticed after about two minutes, and no timeout ends a long COPY, which would
   * be as long the next time. Who has waited for another commit has to see it.
   */
  private static final String SESSION =
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL tcp_keepalives_idle = 60; SET LOCAL tcp_keepalives_interval = 10;"
          + " SET LOCAL tcp_keepalives_count = 6; SET LOCAL statement_timeout = 0;"
          + " SET LOCAL idle_in_transaction_session_timeout = 0";

  private final Connection connection;
  private final Ledger ledger;

  /** The connection is the transaction's alone, and left in no defined state by a failure. */
  public LoadTransaction(Connection connection, Ledger ledger) {
    this.connection = connection;
    this.ledger = ledger;
  }

  /**
   * Runs the transaction. A lost connection during COMMIT leaves it in doubt: run it again, the
   * ledger answers.
   *
   * @param rows what the COPY reads; not asked for when the load has no rows
   * @param rejects not asked for when the load has none
   * @param lockTimeout the longest wait for any lock
   * @throws SQLException when nothing was stored, or it is in doubt
   * @throws IOException when the data could not be read; nothing was stored
   */
  public Outcome run(Load load, CopyData rows, RejectData rejects, Duration lockTimeout)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    prepareSession(lockTimeout);
    Verdict verdict = compare(load);
    if (verdict == Verdict.COMMITTED) {
      connection.rollback();
      return Outcome.ALREADY_COMMITTED;
    }
    if (!record(verdict == Verdict.COVERED ? load.skippedWhole() : load)) {
      connection.rollback();
      return Outcome.ALREADY_COMMITTED;
    }
    if (verdict == Verdict.COVERED) {
      connection.commit();
      return Outcome.SKIPPED;
    }
    if (load.rejected() > 0) {
      storeRejects(load, rejects);
    }
    if (load.rows() > 0) {
      storeRows(load, rows);
    }
    connection.commit();
    return Outcome.COMMITTED;
  }

  /**
   * Finds the rows for whose sake {@link #run} fails with a {@link Refusal}, in a transaction of
   * its own of which nothing stays.
   *
   * @param passes the rows to try, in one pass after the other; those that are taken in one are
   *     there in the next
   * @return false if the load has been committed meanwhile
   * @throws SQLException as {@link #run}, and what the batches throw
   */
  public boolean findRefused(Load load, RowBatches.Passes passes, Duration lockTimeout)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    prepareSession(lockTimeout);
    // Otherwise one that commits the same load meanwhile would make all its rows duplicates.
    boolean isOpen = record(load);
    if (isOpen) {
      if (load.typed()) {
        lockTarget(load);
        requireSameTypes(load);
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
      }
      new RowSearch(connection, copyInto(load), load).run(passes);
    }
    connection.rollback();
    return isOpen;
  }

  /**
   * The name under which the server lists the connection of a load. A load that finds its own name
   * on another connection knows it for a leftover of an attempt before it.
   */
  public static String applicationName(Load load) {
    return "kafka-cloudberry " + load.commitId();
  }

  private void prepareSession(Duration lockTimeout) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      statement.execute(SESSION);
      requireDurableCommit(statement);
    }
  }

  /**
   * A commit that is acknowledged has to survive a crash, as what it was made of is then removed.
   */
  private static void requireDurableCommit(Statement statement) throws SQLException {
    try (ResultSet setting = statement.executeQuery("SHOW synchronous_commit")) {
      setting.next();
      if (!setting.getString(1).equals("off")) {
        return;
      }
    }
    // A SET, and not set_config(), reaches the segments as well.
    statement.execute("SET LOCAL synchronous_commit = on");
  }

  private Verdict compare(Load load) throws SQLException {
    return unlessLocked(
        load, () -> new OverlapCheck(new SinkHistory(ledger, load.sinkId()), load).run(connection));
  }

  private boolean record(Load load) throws SQLException {
    return unlessLocked(load, () -> ledger.record(connection, load));
  }

  private <T> T unlessLocked(Load load, Transaction<T> step) throws SQLException {
    try {
      return step.run();
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        connection.rollback();
        endPredecessors(load);
      }
      throw e;
    }
  }

  /**
   * Ends the sessions of earlier attempts at the same load. A client that froze in the middle of
   * its COPY would hold the ledger row for ever: the server has no timeout for it.
   */
  private void endPredecessors(Load load) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE application_name = ? AND usename = session_user AND pid <> pg_backend_pid()")) {
      statement.setString(1, applicationName(load));
      statement.execute();
      connection.commit();
    }
  }

  private void storeRejects(Load load, RejectData rejects) throws SQLException, IOException {
    long stored = ledger.copyRejects().run(connection, new RejectCopy(load, rejects));
    if (stored != load.rejected()) {
      throw new SQLException(
          "The load has %d rejects and %d were stored in schema '%s', so nothing was committed: the staged rejects are not what was counted, or a trigger of the ledger drops rows"
              .formatted(load.rejected(), stored, ledger.schema()),
          "22000");
    }
  }

  private void storeRows(Load load, CopyData rows) throws SQLException, IOException {
    if (load.typed()) {
      lockTarget(load);
      requireSameTypes(load);
    }
    long stored = copyInto(load).run(connection, rows);
    if (stored != load.rows() && stored != load.rows() * segmentsWithAllRowsOf(load.target())) {
      throw new SQLException(
          "COPY stored %d of %d rows in %s, so nothing was committed: a trigger of the table drops rows. Remove it, or load into a table without it"
              .formatted(stored, load.rows(), load.target()),
          "22000");
    }
  }

  private static CopyStatement copyInto(Load load) {
    String columns =
        load.columns().stream()
            .map(c -> Identifier.quote(c.name()))
            .collect(Collectors.joining(", "));
    return new CopyStatement(
        "COPY %s (%s) FROM STDIN WITH (%s)"
            .formatted(load.target().quoted(), columns, load.format()));
  }

  private void lockTarget(Load load) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE ONLY " + load.target().quoted() + " IN ROW EXCLUSIVE MODE");
    }
  }

  /** Binary data means something only to the types it was encoded for. */
  private void requireSameTypes(Load load) throws SQLException {
    TargetTable now = TargetTable.read(connection, load.target().quoted());
    List<String> changes = new ArrayList<>();
    for (Load.Column staged : load.columns()) {
      String type =
          now.columns().stream()
              .filter(c -> c.name().equals(staged.name()))
              .map(TableColumn::displayType)
              .findFirst()
              .orElse("missing");
      if (!type.equals(staged.type())) {
        changes.add("column '%s' was %s and is %s".formatted(staged.name(), staged.type(), type));
      }
    }
    if (!changes.isEmpty()) {
      throw new SQLException(
          "Table %s was changed while rows for it were staged: %s. Change it back, let the job commit what is staged, stop it with a savepoint, and only then change the table"
              .formatted(load.target(), String.join("; ", changes)),
          "42804");
    }
  }

  /**
   * The number of segments if each holds the whole table, else 0. For a replicated table some
   * builds of the Greenplum family answer a COPY with the rows of all segments together.
   */
  private long segmentsWithAllRowsOf(TableName target) throws SQLException {
    try (var exists =
            connection.prepareStatement(
                "SELECT 1 FROM pg_class WHERE relname = 'gp_distribution_policy'"
                    + " AND relnamespace = 'pg_catalog'::regnamespace");
        ResultSet found = exists.executeQuery()) {
      if (!found.next()) {
        return 0;
      }
    }
    try (var policy =
        connection.prepareStatement(
            "SELECT numsegments FROM pg_catalog.gp_distribution_policy"
                + " WHERE localoid = ?::regclass AND policytype = 'r'")) {
      policy.setString(1, target.quoted());
      try (ResultSet row = policy.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }
}

package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;

/**
 * The one transaction of a load: its row in the ledger, then the COPY. Both or neither become
 * visible.
 */
public final class LoadTransaction {

  /** What became of a load. */
  public enum Outcome {
    /** This transaction stored the rows. */
    COMMITTED,
    /** An earlier one had stored them; this one wrote nothing. */
    ALREADY_COMMITTED
  }

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /**
   * What a load needs of its session, whatever is set for the role or the database: a client whose
   * host is gone is noticed after about two minutes, and no timeout ends a long COPY, which would
   * be as long the next time.
   */
  private static final String SESSION =
      "SET LOCAL tcp_keepalives_idle = 60; SET LOCAL tcp_keepalives_interval = 10;"
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
   * @param lockTimeout the longest wait for any lock
   * @throws SQLException when nothing was stored, or it is in doubt
   * @throws IOException when the data could not be read; nothing was stored
   */
  public Outcome run(Load load, CopyData data, Duration lockTimeout)
      throws SQLException, IOException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + lockTimeout.toMillis());
      statement.execute(SESSION);
      requireDurableCommit(statement);
      if (!record(load)) {
        connection.rollback();
        return Outcome.ALREADY_COMMITTED;
      }
      if (load.typed()) {
        statement.execute("LOCK TABLE ONLY " + load.target().quoted() + " IN ROW EXCLUSIVE MODE");
        requireSameTypes(load);
      }
      copy(load, data);
      connection.commit();
      return Outcome.COMMITTED;
    }
  }

  /**
   * The name under which the server lists the connection of a load. A load that finds its own name
   * on another connection knows it for a leftover of an attempt before it.
   */
  public static String applicationName(Load load) {
    return "kafka-cloudberry " + load.commitId();
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

  private boolean record(Load load) throws SQLException {
    try {
      return ledger.record(connection, load);
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

  private void copy(Load load, CopyData data) throws SQLException, IOException {
    String columns =
        load.columns().stream()
            .map(c -> Identifier.quote(c.name()))
            .collect(Collectors.joining(", "));
    CopyIn copy =
        connection
            .unwrap(BaseConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY %s (%s) FROM STDIN WITH (%s)"
                    .formatted(load.target().quoted(), columns, load.format()));
    long stored;
    try {
      data.writeTo(new CopyOutputStream(copy));
      stored = copy.endCopy();
    } catch (CopyFailure e) {
      abandon(copy, e.cause());
      throw e.cause();
    } catch (SQLException | IOException | RuntimeException e) {
      abandon(copy, e);
      throw e;
    }
    if (stored != load.rows() && stored != load.rows() * segmentsWithAllRowsOf(load.target())) {
      throw new SQLException(
          "COPY stored %d of %d rows in %s, so nothing was committed: a trigger of the table drops rows. Remove it, or load into a table without it"
              .formatted(stored, load.rows(), load.target()),
          "22000");
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

  private static void abandon(CopyIn copy, Exception cause) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Writes to the COPY in the pieces in which it is given them. */
  private static final class CopyOutputStream extends OutputStream {
    private final CopyIn copy;

    CopyOutputStream(CopyIn copy) {
      this.copy = copy;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        copy.writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw new CopyFailure(e);
      }
    }
  }

  /** Carries a failure of the database through code that knows streams only. */
  private static final class CopyFailure extends IOException {
    CopyFailure(SQLException cause) {
      super(cause);
    }

    SQLException cause() {
      return (SQLException) getCause();
    }
  }
}

package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The record of what was committed, in the target database. Rows are inserted and, long after,
 * deleted; they are never updated, since an UPDATE locks the whole table on the Greenplum family.
 *
 * @param schema the schema that holds it
 */
public record Ledger(String schema) {

  private static final String DEFAULT_SCHEMA = "kafka_import";
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int PRUNED_AT_ONCE = 5_000;

  /** Any number that is the same in every job: those that create the ledger at once take turns. */
  private static final long CREATION_LOCK = 0x6b61666b615f6362L;

  /**
   * Creates the ledger where there is none. Several jobs may call this at the same moment.
   *
   * @throws SQLException naming the script for an owner to run, if the role's rights do not suffice
   */
  public void ensureExists(Connection connection) throws SQLException {
    String script = isMpp(connection) ? "ledger_cloudberry.sql" : "ledger_postgresql.sql";
    try {
      if (!exists(connection)) {
        Transaction.in(connection, () -> create(connection, script));
      }
    } catch (SQLException e) {
      throw INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())
          ? new SQLException(
              "The role may not create or use the ledger, schema '%s' (%s). Let an owner run sql/database/%s once, with the GRANTs that it begins with"
                  .formatted(schema, e.getMessage(), script),
              e.getSQLState(),
              e)
          : e;
    }
  }

  private boolean create(Connection connection, String script) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(" + CREATION_LOCK + ")");
      return !exists(connection) && statement.execute(ddl(script));
    }
  }

  /** Whether the commit is recorded, that is, whether its rows are in the target. */
  public boolean contains(Connection connection, UUID commitId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT 1 FROM " + table("commits") + " WHERE commit_id = ?")) {
      statement.setObject(1, commitId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /**
   * Records a load inside the caller's transaction. Waits for another transaction that records the
   * same one.
   *
   * @return false when the load is recorded already; the transaction is then good for nothing but a
   *     rollback
   */
  boolean record(Connection connection, Load load) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + table("commits")
                + " (commit_id, sink_id, job, checkpoint, rows, bytes) VALUES (?, ?, ?, ?, ?, ?)")) {
      statement.setObject(1, load.commitId());
      statement.setString(2, load.sinkId());
      statement.setString(3, load.job());
      statement.setLong(4, load.checkpoint());
      statement.setLong(5, load.rows());
      statement.setLong(6, load.bytes());
      statement.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        return false;
      }
      if (UNDEFINED_TABLE.equals(e.getSQLState())) {
        throw new SQLException(
            "The ledger, schema '"
                + schema
                + "', is gone: somebody removed it while the job ran. It is created again when the"
                + " job restarts; nothing was committed by this attempt",
            e.getSQLState(),
            e);
      }
      if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw new SQLException(
            "The role may not write the ledger: %s. Let its owner run: GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA %s TO %s"
                .formatted(
                    e.getMessage(),
                    Identifier.quote(schema),
                    Identifier.quote(connection.getMetaData().getUserName())),
            e.getSQLState(),
            e);
      }
      throw e;
    }
  }

  /**
   * Removes the records of a sink's commits older than the retention, some thousands at a time.
   * Does nothing when any commit is under way: on the Greenplum family a DELETE locks the whole
   * table, and no commit shall wait for more than a moment.
   *
   * @return the number of records that were removed
   */
  public int prune(Connection connection, String sinkId, Duration retention) throws SQLException {
    UUID[] expired = expired(connection, sinkId, retention);
    try {
      return expired.length == 0
          ? 0
          : Transaction.in(connection, () -> delete(connection, expired));
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  /** Looks for them before the table is locked, since that may take a while. */
  private UUID[] expired(Connection connection, String sinkId, Duration retention)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT commit_id FROM "
                + table("commits")
                + " WHERE sink_id = ? AND committed_at < now() - make_interval(secs => ?) LIMIT "
                + PRUNED_AT_ONCE)) {
      statement.setString(1, sinkId);
      statement.setDouble(2, retention.toSeconds());
      List<UUID> expired = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          expired.add(row.getObject(1, UUID.class));
        }
      }
      return expired.toArray(UUID[]::new);
    }
  }

  private int delete(Connection connection, UUID[] commitIds) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement delete =
            connection.prepareStatement(
                "DELETE FROM " + table("commits") + " WHERE commit_id = ANY (?)")) {
      statement.execute("LOCK TABLE " + table("commits") + " IN EXCLUSIVE MODE NOWAIT");
      delete.setArray(1, connection.createArrayOf("uuid", commitIds));
      return delete.executeUpdate();
    }
  }

  private boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      statement.setString(1, table("progress"));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private static boolean isMpp(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version()")) {
      row.next();
      String version = row.getString(1);
      return version.contains("Cloudberry") || version.contains("Greenplum");
    }
  }

  private String table(String name) {
    return Identifier.quote(schema) + "." + name;
  }

  private String ddl(String script) {
    try (InputStream in = Ledger.class.getResourceAsStream(script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace(DEFAULT_SCHEMA, Identifier.quote(schema));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

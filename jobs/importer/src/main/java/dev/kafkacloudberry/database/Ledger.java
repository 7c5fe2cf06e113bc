package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;

/**
 * The record of what was committed, in the target database. Rows are inserted and, long after,
 * deleted; they are never updated, since an UPDATE locks the whole table on the Greenplum family.
 *
 * @param schema the schema that holds it
 */
public record Ledger(String schema) {

  private static final String DEFAULT_SCHEMA = "kafka_import";
  static final String UNIQUE_VIOLATION = "23505";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String SERIALIZATION_FAILURE = "40001";

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

  /** How many rows commits have loaded and rejected. */
  public record Counts(long rows, long rejected) {}

  /**
   * Counts what a sink has committed lately.
   *
   * @param except a commit that is not counted
   */
  public Counts counts(Connection connection, String sinkId, Duration window, UUID except)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT coalesce(sum(rows), 0), coalesce(sum(rejected), 0) FROM "
                + table("commits")
                + " WHERE sink_id = ? AND commit_id <> ?"
                + " AND committed_at >= now() - make_interval(secs => ?)")) {
      statement.setString(1, sinkId);
      statement.setObject(2, except);
      statement.setDouble(3, window.toMillis() / 1000.0);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Counts(row.getLong(1), row.getLong(2));
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
    try {
      if (!insertCommit(connection, load)) {
        return false;
      }
      if (load.repair()) {
        new SinkHistory(this, load.sinkId()).close(connection, load);
      } else if (!load.ranges().isEmpty()) {
        insertOffsets(connection, load);
      }
      return true;
    } catch (SQLException e) {
      switch (String.valueOf(e.getSQLState())) {
        case UNDEFINED_TABLE -> throw gone(e);
        case INSUFFICIENT_PRIVILEGE -> throw forbidden(connection, e);
        default -> throw e;
      }
    }
  }

  /** Returns false if it is there already. */
  private boolean insertCommit(Connection connection, Load load) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + table("commits")
                + " (commit_id, sink_id, job, checkpoint, rows, bytes, rejected, skipped, run)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      statement.setObject(1, load.commitId());
      statement.setString(2, load.sinkId());
      statement.setString(3, load.job());
      statement.setLong(4, load.checkpoint());
      statement.setLong(5, load.rows());
      statement.setLong(6, load.bytes());
      statement.setLong(7, load.rejected());
      statement.setLong(8, load.skipped());
      statement.setObject(9, load.run().orElse(null));
      statement.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** In one statement, however many partitions there are. */
  private void insertOffsets(Connection connection, Load load) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO "
                + table("offsets")
                + " (commit_id, sink_id, topic, topic_id, \"partition\", from_offset, to_offset, rows, rejected)"
                + " SELECT ?, ?, range.* FROM unnest(?, ?, ?, ?, ?, ?, ?) AS range")) {
      statement.setObject(1, load.commitId());
      statement.setString(2, load.sinkId());
      statement.setArray(3, array(connection, "text", load, OffsetRange::topic));
      statement.setArray(4, array(connection, "text", load, range -> range.topicId().orElse(null)));
      statement.setArray(5, array(connection, "int4", load, OffsetRange::partition));
      statement.setArray(6, array(connection, "int8", load, OffsetRange::from));
      statement.setArray(7, array(connection, "int8", load, OffsetRange::to));
      statement.setArray(8, array(connection, "int8", load, OffsetRange::rows));
      statement.setArray(9, array(connection, "int8", load, OffsetRange::rejected));
      statement.executeUpdate();
    }
  }

  private static Array array(
      Connection connection, String type, Load load, Function<OffsetRange, Object> part)
      throws SQLException {
    return connection.createArrayOf(type, load.ranges().stream().map(part).toArray());
  }

  /** Stores rejects as {@link RejectCopy} writes them. */
  CopyStatement copyRejects() {
    return new CopyStatement(
        "COPY %s (%s) FROM STDIN WITH (FORMAT binary)"
            .formatted(table("rejects"), RejectCopy.COLUMNS));
  }

  private SQLException gone(SQLException cause) {
    return new SQLException(
        "The ledger, schema '"
            + schema
            + "', is gone: somebody removed it while the job ran. It is created again when the"
            + " job restarts; nothing was committed by this attempt",
        cause.getSQLState(),
        cause);
  }

  private SQLException forbidden(Connection connection, SQLException cause) throws SQLException {
    return new SQLException(
        "The role may not write the ledger: %s. Let its owner run: GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA %s TO %s"
            .formatted(
                cause.getMessage(),
                Identifier.quote(schema),
                Identifier.quote(connection.getMetaData().getUserName())),
        cause.getSQLState(),
        cause);
  }

  /**
   * Removes the records of a sink's commits older than the retention, some thousands at a time;
   * which offsets they cover is kept. Does nothing when any commit is under way: on the Greenplum
   * family a DELETE locks the whole table, and no commit shall wait for more than a moment.
   *
   * @return the number of records that were removed
   */
  public int prune(Connection connection, String sinkId, Duration retention) throws SQLException {
    try {
      return new LedgerPruning(connection, this, sinkId).run(retention);
    } catch (SQLException e) {
      if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          || SERIALIZATION_FAILURE.equals(e.getSQLState())) {
        return 0;
      }
      throw e;
    }
  }

  /** Whether there is one that the role can see. */
  public boolean exists(Connection connection) throws SQLException {
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

  String table(String name) {
    return Identifier.quote(schema) + "." + name;
  }

  /** A statement with its tables in place: offsets, commits, open rejects and repairs. */
  String sql(String template) {
    return template.formatted(
        table("offsets"), table("commits"), table("open_rejects"), table("repairs"));
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

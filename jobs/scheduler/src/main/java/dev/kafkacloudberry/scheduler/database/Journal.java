package dev.kafkacloudberry.scheduler.database;

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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the scheduler has done with an import, in the ledger's schema: each job before it is
 * started, and where it ended when that is known. It is what a scheduler that crashed leaves to the
 * next one.
 *
 * <p>Whoever writes it holds a lock of the database, which ends with the connection, so that no two
 * handle an import at the same time.
 */
public final class Journal implements AutoCloseable {

  /** Commands that start jobs, by which the journal remembers them. */
  public static final String START = "start";

  public static final String IMPORT_ONCE = "import-once";

  /** Of the job that is stopped and of the one that takes its place, until that runs. */
  public static final String RESTART = "restart";

  static final String STOPPED = "stopped";

  private static final String DEFAULT_SCHEMA = "kafka_import";
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** The same as that of the importer: those who create the ledger at once take turns. */
  private static final long CREATION_LOCK = 0x6b61666b615f6362L;

  private static final int VALIDITY_SECONDS = 10;

  private final DatabaseSettings settings;
  private final String schema;
  private final String name;
  private Connection connection;
  private boolean isLocked;

  /**
   * Opens it, and creates the ledger where there is none.
   *
   * @param schema the ledger's
   * @param name the import's
   */
  public Journal(DatabaseSettings settings, String schema, String name) throws SQLException {
    this.settings = settings;
    this.schema = schema;
    this.name = name;
    connection = settings.open();
    try {
      ensureExists();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** The ledger's. */
  public String schema() {
    return schema;
  }

  private void ensureExists() throws SQLException {
    String script = isMpp() ? "ledger_cloudberry.sql" : "ledger_postgresql.sql";
    try (Statement statement = connection.createStatement()) {
      if (!exists()) {
        connection.setAutoCommit(false);
        statement.execute("SELECT pg_advisory_xact_lock(" + CREATION_LOCK + ")");
        statement.execute(ddl(script));
        connection.commit();
        connection.setAutoCommit(true);
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

  private boolean exists() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      statement.setString(1, table("scheduler"));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private boolean isMpp() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version()")) {
      row.next();
      return row.getString(1).matches("(?s).*(Cloudberry|Greenplum).*");
    }
  }

  private String ddl(String script) {
    try (InputStream in = Journal.class.getResourceAsStream(script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .replace(DEFAULT_SCHEMA, quotedSchema());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sees to it that nobody else handles the import until this is closed. If the connection was
   * lost, and the lock with it, opens another.
   *
   * @return false if somebody else does
   */
  public boolean lock() throws SQLException {
    if (isLocked && connection.isValid(VALIDITY_SECONDS)) {
      return true;
    }
    isLocked = false;
    try (PreparedStatement statement =
        connection().prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      statement.setLong(
          1,
          UUID.nameUUIDFromBytes((schema + "\0scheduler\0" + name).getBytes(StandardCharsets.UTF_8))
              .getMostSignificantBits());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        isLocked = row.getBoolean(1);
      }
    }
    return isLocked;
  }

  /** One that works; after a lost one it is another. */
  private Connection connection() throws SQLException {
    if (!connection.isValid(VALIDITY_SECONDS)) {
      connection.close();
      isLocked = false;
      connection = settings.open();
    }
    return connection;
  }

  public History history() throws SQLException {
    try (PreparedStatement statement =
        connection()
            .prepareStatement(
                "SELECT number, event, job, state, sinks, error FROM %s WHERE import = ? ORDER BY number"
                    .formatted(table("scheduler")))) {
      statement.setString(1, name);
      List<History.Event> events = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Array sinks = row.getArray(5);
          events.add(
              new History.Event(
                  row.getLong(1),
                  row.getString(2),
                  row.getString(3),
                  row.getString(4),
                  sinks == null ? List.of() : List.of((String[]) sinks.getArray()),
                  row.getString(6)));
        }
      }
      return History.of(events);
    }
  }

  /**
   * Notes that a job is going to be started.
   *
   * @param after what was known before
   * @param command {@link #START}, {@link #IMPORT_ONCE} or {@link #RESTART}
   * @param state where it begins, or null if there is none
   */
  public History starts(History after, String command, String job, String state)
      throws SQLException {
    return append(after, command, job, state, after.sinks(), null);
  }

  /**
   * Notes where a job has ended.
   *
   * @param after what was known before
   * @param state its last state, or null if it never had any
   * @param error why it failed, or null if it did not
   */
  public History stopped(History after, String job, String state, String error)
      throws SQLException {
    List<String> sinks = new LedgerReport(connection(), schema).sinks(after, job);
    return append(after, STOPPED, job, state, sinks, error);
  }

  private History append(
      History after, String event, String job, String state, List<String> sinks, String error)
      throws SQLException {
    try (PreparedStatement statement =
        connection()
            .prepareStatement(
                "INSERT INTO %s (import, number, event, job, state, sinks, error) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    .formatted(table("scheduler")))) {
      statement.setString(1, name);
      statement.setLong(2, after.number() + 1);
      statement.setString(3, event);
      statement.setString(4, job);
      statement.setString(5, state);
      statement.setArray(6, connection.createArrayOf("text", sinks.toArray()));
      statement.setString(7, error);
      statement.executeUpdate();
    } catch (SQLException e) {
      // After an answer that was lost with its connection, it is there already.
      if (UNIQUE_VIOLATION.equals(e.getSQLState()) && !has(after.number() + 1, event, job)) {
        throw new SQLException(
            "Somebody else has gone on with the import '%s' meanwhile. Run the command again"
                .formatted(name),
            e.getSQLState(),
            e);
      }
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
    }
    return history();
  }

  private boolean has(long number, String event, String job) throws SQLException {
    try (PreparedStatement statement =
        connection()
            .prepareStatement(
                "SELECT FROM %s WHERE import = ? AND number = ? AND event = ? AND job = ?"
                    .formatted(table("scheduler")))) {
      statement.setString(1, name);
      statement.setLong(2, number);
      statement.setString(3, event);
      statement.setString(4, job);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Forgets a state that is no longer on the storage, and all before it. */
  public void forget(History.State state) throws SQLException {
    try (PreparedStatement statement =
        connection()
            .prepareStatement(
                "DELETE FROM %s WHERE import = ? AND number <= ?".formatted(table("scheduler")))) {
      statement.setString(1, name);
      statement.setLong(2, state.number());
      statement.executeUpdate();
    }
  }

  /** What the ledger tells of the import. */
  public LedgerReport ledger() throws SQLException {
    return new LedgerReport(connection(), schema);
  }

  private String quotedSchema() {
    return '"' + schema.replace("\"", "\"\"") + '"';
  }

  private String table(String table) {
    return quotedSchema() + "." + table;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

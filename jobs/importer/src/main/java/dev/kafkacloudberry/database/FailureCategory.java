package dev.kafkacloudberry.database;

import java.sql.SQLException;
import java.util.Set;

/** What can be done about a failure of the database. */
enum FailureCategory {
  /** It may pass by itself: the connection, a restart, a deadlock, a lock, a segment. Try again. */
  TRANSIENT,
  /** The same attempt would fail again. */
  PERMANENT;

  private static final Set<String> TRANSIENT_STATES =
      Set.of(
          "40001", // serialization_failure
          "40P01", // deadlock_detected
          "53300", // too_many_connections
          "55P03", // lock_not_available
          "57P01", // admin_shutdown
          "57P02", // crash_shutdown
          "57P03", // cannot_connect_now
          "57P05", // idle_session_timeout
          "58M01"); // a segment is down (Greenplum family)

  private static final String CONNECTION_EXCEPTIONS = "08";

  /**
   * Judges by the SQLSTATE alone; messages are translated and differ between builds. A protocol
   * violation (08P01) is the one connection exception that would come again.
   */
  public static FailureCategory of(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null) {
      return PERMANENT;
    }
    boolean connection = state.startsWith(CONNECTION_EXCEPTIONS) && !state.equals("08P01");
    return connection || TRANSIENT_STATES.contains(state) ? TRANSIENT : PERMANENT;
  }
}

package dev.kafkacloudberry.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far {@code import_kafka_data()} has come, the function of the kafka_fdw guide: its progress
 * table has a row for each partition, with the offset that the function would import next.
 */
public final class ImportProgress {

  private static final String UNDEFINED_COLUMN = "42703";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** The locks of one who writes; those of a VACUUM and of readers are not among them. */
  private static final String WRITERS =
      """
      SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE d.datname = current_database() AND l.locktype = 'relation' AND l.granted
         AND l.relation = ?::regclass AND l.pid <> pg_backend_pid()
         AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                        'AccessExclusiveLock')
      """;

  private ImportProgress() {}

  /**
   * Reads a progress table.
   *
   * @param written the table as the user wrote it, as for {@link TargetTable#read}
   * @return the next offset of each partition that the function has seen
   * @throws IllegalArgumentException when there is no such table, or it does not say how far the
   *     function has come; with what to do about it
   */
  public static SortedMap<Integer, Long> read(Connection connection, String written)
      throws SQLException {
    try {
      String table = existing(connection, written);
      requireNoWriter(connection, written, table);
      return rows(connection, written, table);
    } catch (SQLException e) {
      switch (String.valueOf(e.getSQLState())) {
        case UNDEFINED_COLUMN ->
            throw new IllegalArgumentException(
                "'%s' is no progress table of import_kafka_data(), which has the columns part and offs (%s). Name the one that the function writes to, like kafka_test_import_progress"
                    .formatted(written, e.getMessage()),
                e);
        case INSUFFICIENT_PRIVILEGE ->
            throw new IllegalArgumentException(
                "The role may not read the progress table '%1$s' (%2$s). Let its owner run: GRANT SELECT ON %1$s TO %3$s, and GRANT USAGE ON its SCHEMA TO %3$s if that is what is refused"
                    .formatted(
                        written,
                        e.getMessage(),
                        Identifier.quote(connection.getMetaData().getUserName())),
                e);
        default -> throw e;
      }
    }
  }

  /** Its name in quotes: as it is written, else in lower case. */
  private static String existing(Connection connection, String written) throws SQLException {
    for (String candidate : candidates(written)) {
      if (exists(connection, candidate)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException(
        "There is no progress table '%s' in database '%s', or it is in no schema of the search_path. The function names it after its first argument: import_kafka_data('kafka_test', ...) has kafka_test_import_progress. Once the first start has taken over, later ones need no progress table"
            .formatted(written, connection.getCatalog()));
  }

  private static List<String> candidates(String written) {
    List<String> names = List.of("");
    for (TableName.Part part : TableName.parse(written)) {
      List<String> longer = new ArrayList<>();
      for (String name : names) {
        for (String candidate : part.candidates()) {
          longer.add((name.isEmpty() ? "" : name + ".") + Identifier.quote(candidate));
        }
      }
      names = longer;
    }
    return names;
  }

  private static boolean exists(Connection connection, String quoted) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      statement.setString(1, quoted);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /**
   * What a call of the function has imported that has not ended yet, the table does not say. Asked
   * before the table is read: a call that has ended by now is seen in it.
   */
  private static void requireNoWriter(Connection connection, String written, String table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WRITERS)) {
      statement.setString(1, table);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          throw new IllegalArgumentException(
              "The progress table '%s' is being written to by the session with pid %d: import_kafka_data() is still running. Stop its schedule, wait until it has ended, and start again"
                  .formatted(written, row.getInt(1)));
        }
      }
    }
  }

  private static SortedMap<Integer, Long> rows(Connection connection, String written, String table)
      throws SQLException {
    SortedMap<Integer, Long> next = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT part, offs FROM " + table)) {
      while (row.next()) {
        String part = row.getString(1);
        String offs = row.getString(2);
        if (number(part).filter(n -> n <= Integer.MAX_VALUE).isEmpty() || number(offs).isEmpty()) {
          throw new IllegalArgumentException(
              "The progress table '%s' has a row with part %s and offs %s; both have to be numbers from 0 up. Correct it, or delete it if nothing of that partition is imported yet"
                  .formatted(written, part, offs));
        }
        Long other = next.put(Integer.valueOf(part), Long.valueOf(offs));
        if (other != null) {
          throw new IllegalArgumentException(
              "The progress table '%s' has two rows for partition %s, with offs %d and %s. Delete the wrong one"
                  .formatted(written, part, other, offs));
        }
      }
    }
    if (next.isEmpty()) {
      throw new IllegalArgumentException(
          "The progress table '%s' is empty: import_kafka_data() has imported nothing yet. Leave --start-after out, and all of the topic is loaded"
              .formatted(written));
    }
    return next;
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.ofNullable(text).map(Long::valueOf).filter(number -> number >= 0);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}

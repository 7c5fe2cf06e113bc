package dev.kafkacloudberry.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The table that rows are loaded into, as the database's catalog describes it. */
public record TargetTable(TableName name, List<TableColumn> columns) {

  private static final String COLUMNS =
      """
      WITH RECURSIVE base
          (type, oid, typname, typtype, typbasetype, typtypmod, typmod, required) AS (
        SELECT t.oid, t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod, -1, t.typnotnull
          FROM pg_type t
         WHERE t.oid IN (SELECT atttypid FROM pg_attribute WHERE attrelid = ?::oid)
        UNION ALL
        SELECT b.type, t.oid, t.typname, t.typtype, t.typbasetype, t.typtypmod, b.typtypmod,
               b.required OR t.typnotnull
          FROM base b JOIN pg_type t ON t.oid = b.typbasetype
         WHERE b.typtype = 'd'
      )
      SELECT a.attname, b.typname,
             format_type(b.oid, CASE WHEN t.typtype = 'd' THEN b.typmod ELSE a.atttypmod END),
             (a.attnotnull OR b.required) AND NOT a.atthasdef AND a.attidentity = ''
               AND t.typdefault IS NULL,
             a.attgenerated <> ''
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN base b ON b.type = a.atttypid AND b.typtype <> 'd'
       WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
       ORDER BY a.attnum
      """;

  private static final String TABLE =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence,
             has_table_privilege(c.oid, 'INSERT') AND has_schema_privilege(n.oid, 'USAGE'),
             row_security_active(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      """;
  private static final String EXACT = TABLE + " WHERE n.nspname = ? AND c.relname = ?";
  private static final String ON_SEARCH_PATH =
      TABLE + " WHERE c.relname = ? AND pg_table_is_visible(c.oid)";

  /**
   * Looks a table up. A name is taken as it is written; where there is no such table, an unquoted
   * part also stands for its lower-case form, as in SQL.
   *
   * @throws IllegalArgumentException when there is no such table, or it is nothing that the role
   *     can load rows into
   */
  public static TargetTable read(Connection connection, String written) throws SQLException {
    List<TableName.Part> parts = TableName.parse(written);
    Optional<Found> found =
        parts.size() == 1
            ? findVisible(connection, parts.get(0))
            : find(connection, parts.get(0), parts.get(1));
    Found table = found.orElseThrow(() -> missing(connection, written));
    requireLoadable(table, connection.getMetaData().getUserName());
    return new TargetTable(table.name(), columns(connection, table.oid()));
  }

  private static void requireLoadable(Found table, String role) {
    TableName name = table.name();
    if (!"rp".contains(table.kind())) {
      throw new IllegalArgumentException(
          name + " is not a table that can be loaded; a view or a foreign table cannot be");
    }
    if (table.persistence().equals("u")) {
      throw new IllegalArgumentException(
          "Table %s is UNLOGGED: a crash of the database empties it, and rows that were committed are not loaded again. Run: ALTER TABLE %s SET LOGGED"
              .formatted(name, name.quoted()));
    }
    if (!table.insertable()) {
      throw new IllegalArgumentException(
          "The role may not insert into table %s. Let its owner run: GRANT INSERT ON %s TO %s; GRANT USAGE ON SCHEMA %s TO %s"
              .formatted(
                  name,
                  name.quoted(),
                  Identifier.quote(role),
                  Identifier.quote(name.schema()),
                  Identifier.quote(role)));
    }
    if (table.rowSecurity()) {
      throw new IllegalArgumentException(
          "Table %s has row-level security that applies to the role, and COPY does not work with it. Load as the table's owner or as a role with BYPASSRLS"
              .formatted(name));
    }
  }

  /** Finds a column by a Flink column's name: as it is written, else in lower case. */
  public Optional<TableColumn> column(String written) {
    return named(written).or(() -> named(written.toLowerCase(Locale.ROOT)));
  }

  private Optional<TableColumn> named(String exact) {
    return columns.stream().filter(c -> c.name().equals(exact)).findFirst();
  }

  /** The names of its columns, for messages. */
  public String columnNames() {
    return columns.stream().map(TableColumn::name).collect(Collectors.joining(", "));
  }

  private static Optional<Found> findVisible(Connection connection, TableName.Part table)
      throws SQLException {
    for (String name : table.candidates()) {
      Optional<Found> found = lookUp(connection, ON_SEARCH_PATH, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<Found> find(
      Connection connection, TableName.Part schema, TableName.Part table) throws SQLException {
    for (String schemaName : schema.candidates()) {
      for (String name : table.candidates()) {
        Optional<Found> found = lookUp(connection, EXACT, schemaName, name);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Found> lookUp(Connection connection, String sql, String... names)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < names.length; i++) {
        statement.setString(i + 1, names[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Found(
                    row.getLong(1),
                    new TableName(row.getString(2), row.getString(3)),
                    row.getString(4),
                    row.getString(5),
                    row.getBoolean(6),
                    row.getBoolean(7)))
            : Optional.empty();
      }
    }
  }

  private static List<TableColumn> columns(Connection connection, long table) throws SQLException {
    List<TableColumn> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, table);
      statement.setLong(2, table);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          columns.add(
              new TableColumn(
                  row.getString(1),
                  row.getString(2),
                  row.getString(3),
                  row.getBoolean(4),
                  row.getBoolean(5)));
        }
      }
    }
    return columns;
  }

  private static IllegalArgumentException missing(Connection connection, String written) {
    String where = "the database";
    try {
      where = "database '" + connection.getCatalog() + "'";
    } catch (SQLException e) {
      // The message is about the table; the name of the database only helps.
    }
    return new IllegalArgumentException(
        "There is no table '"
            + written
            + "' in "
            + where
            + ", or it is in no schema of the search_path. Create it, or give its schema:"
            + " 'table-name' = 'schema.table'");
  }

  private record Found(
      long oid,
      TableName name,
      String kind,
      String persistence,
      boolean insertable,
      boolean rowSecurity) {}
}

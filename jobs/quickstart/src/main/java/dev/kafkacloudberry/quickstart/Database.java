package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The questions that are put to the target database, over one connection. */
final class Database implements AutoCloseable {
  private final Connection connection;

  Database(PostgresServer server) throws SQLException {
    connection = server.connect();
  }

  void execute(Path script) throws IOException, SQLException {
    execute(Files.readString(script));
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Rows that the ledger knows to be in the table; none before the import has made the ledger. */
  long committedRows() throws SQLException {
    boolean ledgerExists =
        number("SELECT count(*) FROM pg_class WHERE oid = to_regclass('kafka_import.progress')")
            == 1;
    return ledgerExists ? number("SELECT sum(rows) FROM kafka_import.progress") : 0;
  }

  /** The answer as text: a header, then a line for each row. */
  String table(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      ResultSetMetaData metadata = rows.getMetaData();
      List<String> header = new ArrayList<>();
      for (int column = 1; column <= metadata.getColumnCount(); column++) {
        header.add(metadata.getColumnLabel(column));
      }
      List<List<String>> lines = new ArrayList<>();
      while (rows.next()) {
        List<String> line = new ArrayList<>();
        for (int column = 1; column <= header.size(); column++) {
          line.add(Optional.ofNullable(rows.getString(column)).orElse("NULL"));
        }
        lines.add(line);
      }
      return new TextTable(header, lines).toString();
    }
  }

  Connection connection() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

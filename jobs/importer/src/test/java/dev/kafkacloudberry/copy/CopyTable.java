package dev.kafkacloudberry.copy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/**
 * The table {@code copied} with columns {@code c0}, {@code c1}, ..., for rows to be copied into.
 */
record CopyTable(Connection connection, List<TargetColumn> columns) implements AutoCloseable {
  static CopyTable create(Connection connection, List<String> sqlTypes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          IntStream.range(0, sqlTypes.size())
              .mapToObj(i -> "c%d %s".formatted(i, sqlTypes.get(i)))
              .collect(Collectors.joining(", ", "CREATE TABLE copied (row serial, ", ")")));
      List<TargetColumn> columns = new ArrayList<>();
      try (ResultSet result =
          statement.executeQuery(
              """
              SELECT attname, typname, format_type(atttypid, atttypmod)
              FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
              WHERE attrelid = 'copied'::regclass AND attnum > 1 ORDER BY attnum
              """)) {
        while (result.next()) {
          columns.add(
              new TargetColumn(result.getString(1), result.getString(2), result.getString(3)));
        }
      }
      return new CopyTable(connection, columns);
    }
  }

  RowEncoder encoder(List<DataType> types, CopyFormat format) {
    List<ColumnPair> pairs =
        IntStream.range(0, types.size())
            .mapToObj(
                i ->
                    new ColumnPair(
                        new SourceColumn("c" + i, types.get(i).getLogicalType(), i),
                        columns.get(i)))
            .toList();
    return RowEncoder.of(pairs, Optional.of(format));
  }

  void copy(RowEncoder encoder, List<? extends RowData> rows)
      throws SQLException, IOException, RowEncodingException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(encoder.format().header());
    CopyBuffer buffer = new CopyBuffer();
    for (RowData row : rows) {
      encoder.encode(row, buffer);
      bytes.write(buffer.array(), 0, buffer.length());
      buffer.reset();
    }
    bytes.write(encoder.format().trailer());
    String names = columns.stream().map(TargetColumn::name).collect(Collectors.joining(", "));
    long copied =
        new CopyManager(connection.unwrap(BaseConnection.class))
            .copyIn(
                "COPY copied (%s) FROM STDIN (%s)".formatted(names, encoder.format().option()),
                new ByteArrayInputStream(bytes.toByteArray()));
    if (copied != rows.size()) {
      throw new AssertionError("%d rows copied of %d".formatted(copied, rows.size()));
    }
  }

  /** The column's values of all rows, as the database writes them. */
  List<String> values(int column) throws SQLException {
    String name = columns.get(column).name();
    return query("SELECT %s::text FROM copied ORDER BY row".formatted(name)).stream()
        .map(row -> row.get(0))
        .toList();
  }

  /** A literal's value, written likewise. */
  String value(String sqlType, String literal) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT ?::text::%s::text".formatted(sqlType))) {
      statement.setString(1, literal);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  List<List<String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE copied");
    }
  }
}

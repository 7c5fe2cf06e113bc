package dev.kafkacloudberry.benchmarks;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What rows look like. */
public enum Shape {
  /** The guide's four columns: 79 bytes as CSV, with the line's end. */
  NARROW(4, 35),
  /** Fifty columns. */
  WIDE(50, 12),
  /** The guide's four columns, with a text of one kilobyte. */
  LONG(4, 1024);

  private final List<Column> columns;
  private final int textLength;

  Shape(int columns, int textLength) {
    Column.Type[] types = Column.Type.values();
    this.columns =
        IntStream.range(0, columns)
            .mapToObj(i -> new Column("c" + i, types[i % types.length]))
            .toList();
    this.textLength = textLength;
  }

  List<Column> columns() {
    return columns;
  }

  /** How many characters each text has. */
  int textLength() {
    return textLength;
  }

  String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  String inFlink() {
    return columns.stream().map(Column::inFlink).collect(Collectors.joining(", "));
  }

  String inPostgres() {
    return columns.stream().map(Column::inPostgres).collect(Collectors.joining(", "));
  }
}

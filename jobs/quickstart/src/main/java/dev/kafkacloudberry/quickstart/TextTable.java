package dev.kafkacloudberry.quickstart;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Rows under a header, in columns. The last column is not padded: its characters may be wide. */
record TextTable(List<String> header, List<List<String>> rows) {

  TextTable {
    rows = rows.stream().map(row -> row.stream().map(TextTable::onOneLine).toList()).toList();
  }

  @Override
  public String toString() {
    int[] widths = IntStream.range(0, header.size()).map(this::width).toArray();
    String rule = IntStream.of(widths).mapToObj("-"::repeat).collect(Collectors.joining("-+-"));
    return Stream.concat(
            Stream.of(line(header, widths), rule), rows.stream().map(row -> line(row, widths)))
        .collect(Collectors.joining("\n"));
  }

  private int width(int column) {
    return Stream.concat(Stream.of(header), rows.stream())
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElseThrow();
  }

  private static String line(List<String> cells, int[] widths) {
    int last = widths.length - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(
            column ->
                column == last
                    ? cells.get(column)
                    : cells.get(column) + " ".repeat(widths[column] - cells.get(column).length()))
        .collect(Collectors.joining(" | "));
  }

  private static String onOneLine(String cell) {
    return cell.replace("\n", "\\n").replace("\t", "\\t");
  }
}

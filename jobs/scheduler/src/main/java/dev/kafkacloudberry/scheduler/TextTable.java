package dev.kafkacloudberry.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under a heading, with numbers to the right. */
final class TextTable {

  private final List<String> heading;
  private final List<List<Object>> rows = new ArrayList<>();

  TextTable(List<String> heading) {
    this.heading = List.copyOf(heading);
  }

  /**
   * @param values as many as the heading has; what is null is shown as a dash
   */
  void add(List<Object> values) {
    rows.add(values);
  }

  @Override
  public String toString() {
    int[] widths =
        IntStream.range(0, heading.size())
            .map(
                column ->
                    rows.stream()
                        .mapToInt(row -> text(row.get(column)).length())
                        .reduce(heading.get(column).length(), Math::max))
            .toArray();
    List<String> lines = new ArrayList<>();
    lines.add(line(heading, widths));
    rows.forEach(row -> lines.add(line(row, widths)));
    return String.join(System.lineSeparator(), lines);
  }

  private String line(List<?> values, int[] widths) {
    return IntStream.range(0, values.size())
        .mapToObj(
            column ->
                (isNumber(column) ? "%" + widths[column] + "s" : "%-" + widths[column] + "s")
                    .formatted(text(values.get(column))))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }

  private boolean isNumber(int column) {
    return rows.stream().anyMatch(row -> row.get(column) instanceof Number);
  }

  private static String text(Object value) {
    if (value == null) {
      return "-";
    }
    return value instanceof Long number ? "%,d".formatted(number) : value.toString();
  }
}

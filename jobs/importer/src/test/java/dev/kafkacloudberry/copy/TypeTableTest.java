package dev.kafkacloudberry.copy;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of types in docs/sink.md says what is done. */
class TypeTableTest {

  private static final Path PAGE = Path.of("../../docs/sink.md");
  private static final String HEADING = "| Flink type | in binary into | as text into |";
  private static final String REST = "every other type, but `name` and `\"char\"`";
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** The database's types by their names in SQL, with their names in its catalog. */
  private static final Map<String, String> TARGETS =
      Map.ofEntries(
          Map.entry("boolean", "bool"),
          Map.entry("smallint", "int2"),
          Map.entry("integer", "int4"),
          Map.entry("bigint", "int8"),
          Map.entry("numeric", "numeric"),
          Map.entry("real", "float4"),
          Map.entry("double precision", "float8"),
          Map.entry("text", "text"),
          Map.entry("varchar", "varchar"),
          Map.entry("char", "bpchar"),
          Map.entry("\"char\"", "char"),
          Map.entry("name", "name"),
          Map.entry("json", "json"),
          Map.entry("jsonb", "jsonb"),
          Map.entry("uuid", "uuid"),
          Map.entry("bytea", "bytea"),
          Map.entry("date", "date"),
          Map.entry("time", "time"),
          Map.entry("timestamp", "timestamp"),
          Map.entry("timestamptz", "timestamptz"),
          Map.entry("interval", "interval"),
          Map.entry("inet", "inet"),
          Map.entry("xml", "xml"));

  private record Row(String source, Set<String> binary, Set<String> text) {}

  static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.equals(HEADING))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> line.split("\\|"))
        .forEach(
            cells -> {
              Set<String> binary = quoted(cells[2]);
              Set<String> text = cells.length > 3 ? textTypes(cells[3], binary) : Set.of();
              quoted(cells[1]).forEach(type -> rows.add(new Row(type, binary, text)));
            });
    return rows;
  }

  private static Set<String> textTypes(String cell, Set<String> binary) {
    if (!cell.strip().equals(REST)) {
      return quoted(cell);
    }
    Set<String> rest = new TreeSet<>(TARGETS.keySet());
    rest.removeAll(binary);
    rest.removeAll(quoted(cell));
    return rest;
  }

  private static Set<String> quoted(String cell) {
    return QUOTED
        .matcher(cell)
        .results()
        .map(match -> match.group(1))
        .collect(toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachTypeGoesWhereTheTableSays(Row row) {
    LogicalType source = LogicalTypeParser.parse(row.source(), getClass().getClassLoader());
    assertThat(targets(source, encodings -> encodings.binary().isPresent()))
        .isEqualTo(row.binary());
    assertThat(
            targets(
                source, encodings -> encodings.binary().isEmpty() && encodings.text().isPresent()))
        .isEqualTo(row.text());
  }

  private static Set<String> targets(LogicalType source, Predicate<Encodings> wanted) {
    Stream<String> targets = TARGETS.keySet().stream();
    return targets
        .filter(target -> wanted.test(encodings(source, target)))
        .collect(toCollection(TreeSet::new));
  }

  private static Encodings encodings(LogicalType source, String target) {
    return ColumnCompatibility.of(
        new ColumnPair(
            new SourceColumn("a", source, 0), new TargetColumn("a", TARGETS.get(target), target)));
  }
}

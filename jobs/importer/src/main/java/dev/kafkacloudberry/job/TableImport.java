package dev.kafkacloudberry.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.operations.QueryOperation;
import org.apache.flink.table.operations.SourceQueryOperation;

/**
 * An import without a script: columns of one table into those of the same names of another.
 *
 * <p>From Kafka into the database each row goes with its place and, if it is junk, with what is
 * wrong with it, whether the tables declare columns for that or not. A column that is NOT NULL
 * leaves no room for rows of junk, whose columns are NULL: then the first junk ends the job.
 *
 * @param source the quoted path of a table
 * @param target the quoted path of a table
 * @param columns quoted, separated by commas
 */
record TableImport(String source, String target, String columns) {

  /** The metadata that tells where a row comes from and what is wrong with it, and its types. */
  private static final Map<String, String> LINEAGE = new LinkedHashMap<>();

  private static final Set<String> JUNK = Set.of("junk", "junk-error");

  static {
    LINEAGE.put("topic", "STRING");
    LINEAGE.put("partition", "INT");
    LINEAGE.put("offset", "BIGINT");
    LINEAGE.put("junk", "BYTES");
    LINEAGE.put("junk-error", "STRING");
  }

  /**
   * A table that has been declared.
   *
   * @param lineage its metadata columns by their keys, of a target those that can be written
   */
  private record Declared(String path, ContextResolvedTable table, Map<String, String> lineage) {

    boolean hasRoomForJunk() {
      return table.getResolvedSchema().getColumns().stream()
          .filter(Column::isPhysical)
          .allMatch(column -> column.getDataType().getLogicalType().isNullable());
    }

    static Declared of(String path, ContextResolvedTable table, boolean isWritten) {
      Map<String, String> lineage = new LinkedHashMap<>();
      for (Column column : table.getResolvedSchema().getColumns()) {
        if (column instanceof MetadataColumn metadata && (!isWritten || metadata.isPersisted())) {
          String key = metadata.getMetadataKey().orElse(column.getName());
          lineage.putIfAbsent(key, SqlNames.quoted(column.getName()));
        }
      }
      return new Declared(path, table, lineage);
    }

    boolean hasConnector(String connector) {
      return connector.equals(table.getResolvedTable().getOptions().get("connector"));
    }

    /** The columns of the lineage in its order, whether they are declared or to be added. */
    List<String> lineageColumns(Map<String, String> wanted) {
      return wanted.keySet().stream().map(key -> lineage.getOrDefault(key, added(key))).toList();
    }

    /** The same with the types that the lineage has, whichever those of the columns are. */
    List<String> lineageValues(Map<String, String> wanted) {
      return wanted.entrySet().stream()
          .map(
              entry ->
                  "CAST(%s AS %s)"
                      .formatted(
                          lineage.getOrDefault(entry.getKey(), added(entry.getKey())),
                          entry.getValue()))
          .toList();
    }

    private String added(String key) {
      String name = "kafka_" + key.replace('-', '_');
      while (table.getResolvedSchema().getColumnNames().contains(name)) {
        name = "_" + name;
      }
      return SqlNames.quoted(name);
    }

    /** The name of this table with all columns of the lineage. */
    String name(Map<String, String> wanted) {
      String name = table.getIdentifier().getObjectName();
      return isComplete(wanted) ? path : SqlNames.quoted(name + " with lineage");
    }

    private boolean isComplete(Map<String, String> wanted) {
      return lineage.keySet().containsAll(wanted.keySet());
    }

    List<String> declaration(Map<String, String> wanted, String kind) {
      String missing =
          wanted.keySet().stream()
              .filter(key -> !lineage.containsKey(key))
              .map(
                  key ->
                      "%s %s METADATA FROM '%s'%s"
                          .formatted(added(key), wanted.get(key), key, kind))
              .collect(Collectors.joining(", "));
      return isComplete(wanted)
          ? List.of()
          : List.of(
              "CREATE TEMPORARY TABLE %s (%s) LIKE %s".formatted(name(wanted), missing, path));
    }
  }

  String title() {
    return "import %s into %s".formatted(source, target).replace("`", "");
  }

  /** The statements that make the import. The tables have been declared. */
  SqlScript script(TableEnvironment tables) {
    List<Declared> declared = new ArrayList<>();
    declare(tables, source, false, declared);
    declare(tables, target, true, declared);
    return SqlScript.parse(title(), String.join(";\n", statements(declared)));
  }

  private List<String> statements(List<Declared> declared) {
    if (declared.size() < 2
        || !declared.get(0).hasConnector("kafka-partitioned")
        || !declared.get(1).hasConnector("cloudberry")) {
      return List.of(
          "INSERT INTO %s (%s) SELECT %s FROM %s".formatted(target, columns, columns, source));
    }
    Declared from = declared.get(0);
    Declared to = declared.get(1);
    Map<String, String> wanted = new LinkedHashMap<>(LINEAGE);
    if (!from.hasRoomForJunk() || !to.hasRoomForJunk()) {
      wanted.keySet().removeAll(JUNK);
    }
    List<String> statements = new ArrayList<>(from.declaration(wanted, " VIRTUAL"));
    statements.addAll(to.declaration(wanted, ""));
    statements.add(
        "INSERT INTO %s (%s, %s) SELECT %s, %s FROM %s"
            .formatted(
                to.name(wanted),
                columns,
                String.join(", ", to.lineageColumns(wanted)),
                columns,
                String.join(", ", from.lineageValues(wanted)),
                from.name(wanted)));
    return statements;
  }

  /** What is no table, or a view, is left to Flink. */
  private static void declare(
      TableEnvironment tables, String path, boolean isWritten, List<Declared> declared) {
    try {
      QueryOperation operation = tables.from(path).getQueryOperation();
      if (operation instanceof SourceQueryOperation table) {
        declared.add(Declared.of(path, table.getContextResolvedTable(), isWritten));
      }
    } catch (ValidationException e) {
      // The INSERT meets it again, and then with its place.
    }
  }
}

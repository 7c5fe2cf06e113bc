package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.ColumnPair;
import dev.kafkacloudberry.copy.SourceColumn;
import dev.kafkacloudberry.copy.TargetColumn;
import dev.kafkacloudberry.database.TableColumn;
import dev.kafkacloudberry.database.TargetTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds for each column of the query the column of the table that has its name. */
final class ColumnMapping {

  private ColumnMapping() {}

  /**
   * @throws IllegalArgumentException listing every column that has no counterpart, is written twice
   *     or computed by the database, and every mandatory one that nothing fills
   */
  static List<ColumnPair> of(List<SourceColumn> sources, TargetTable table) {
    List<String> problems = new ArrayList<>();
    List<ColumnPair> pairs = new ArrayList<>();
    Set<String> filled = new HashSet<>();
    for (SourceColumn source : sources) {
      Optional<TableColumn> target = table.column(source.name());
      if (target.isEmpty()) {
        problems.add("the table has no column '" + source.name() + "'");
      } else if (target.get().generated()) {
        problems.add("column '" + source.name() + "' is generated and cannot be loaded");
      } else if (!filled.add(target.get().name())) {
        problems.add("column '" + target.get().name() + "' would be filled twice");
      } else {
        pairs.add(new ColumnPair(source, asCopyTarget(target.get())));
      }
    }
    for (TableColumn column : table.columns()) {
      if (column.mandatory() && !filled.contains(column.name())) {
        problems.add(
            "column '"
                + column.name()
                + "' is NOT NULL, has no default, and the query does not fill it");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot load into table %s: %s. Its columns are: %s"
              .formatted(table.name(), String.join("; ", problems), table.columnNames()));
    }
    return pairs;
  }

  private static TargetColumn asCopyTarget(TableColumn column) {
    return new TargetColumn(column.name(), column.baseType(), column.displayType());
  }
}

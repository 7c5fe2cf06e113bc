package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.ColumnPair;
import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.copy.RowEncoder;
import dev.kafkacloudberry.copy.SourceColumn;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.TargetTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.types.logical.RowType;

/** The target of a query's rows: the table as it is now, and the encoder that fits both. */
record RowTarget(StagedTarget staged, RowEncoder encoder) {

  /**
   * Reads the table from the database and chooses the encoding.
   *
   * @param formats the formats to choose from
   * @param columns the positions of the row's fields that are loaded
   * @throws IllegalArgumentException when the query's rows cannot go into the table, with the
   *     reason for every column
   */
  static RowTarget resolve(
      Connection connection, String name, Set<CopyFormat> formats, RowType rowType, int[] columns)
      throws SQLException {
    TargetTable table = TargetTable.read(connection, name);
    List<SourceColumn> sources = new ArrayList<>();
    for (int column : columns) {
      sources.add(
          new SourceColumn(rowType.getFieldNames().get(column), rowType.getTypeAt(column), column));
    }
    List<ColumnPair> pairs = ColumnMapping.of(sources, table);
    RowEncoder encoder = RowEncoder.of(pairs, onlyOne(formats));
    List<Load.Column> loaded =
        pairs.stream()
            .map(pair -> new Load.Column(pair.target().name(), pair.target().displayType()))
            .toList();
    return new RowTarget(new StagedTarget(table.name(), loaded, encoder.format()), encoder);
  }

  private static Optional<CopyFormat> onlyOne(Set<CopyFormat> formats) {
    return formats.size() == 1 ? Optional.of(formats.iterator().next()) : Optional.empty();
  }
}

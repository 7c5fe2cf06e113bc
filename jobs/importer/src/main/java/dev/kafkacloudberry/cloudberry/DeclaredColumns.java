package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.sink.MetadataPositions;
import dev.kafkacloudberry.sink.RowMetadata;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.RowType.RowField;

/**
 * The columns of a declared table, in the order of the declaration. Rows come with the physical
 * ones first, and behind them the metadata that is not virtual.
 */
record DeclaredColumns(List<Column> columns) {

  /** Every column, as the indexes that an INSERT names columns by. */
  Set<Integer> all() {
    return IntStream.range(0, columns.size()).boxed().collect(Collectors.toSet());
  }

  /** The physical columns. */
  RowType rowType() {
    return new RowType(
        columns.stream()
            .filter(Column::isPhysical)
            .map(column -> new RowField(column.getName(), column.getDataType().getLogicalType()))
            .toList());
  }

  /** At which positions of a row those physical columns are that an INSERT names. */
  int[] physical(Set<Integer> named) {
    int[] declared =
        IntStream.range(0, columns.size()).filter(i -> columns.get(i).isPhysical()).toArray();
    return IntStream.range(0, declared.length)
        .filter(position -> named.contains(declared[position]))
        .toArray();
  }

  /**
   * At which positions of a row that metadata is which an INSERT names.
   *
   * @param keys the metadata that rows come with
   * @throws IllegalArgumentException when only parts are named that mean nothing by themselves, and
   *     for junk whose NULLs no row may have
   */
  MetadataPositions metadata(Set<Integer> named, List<String> keys) {
    Set<String> namedKeys = new HashSet<>();
    for (int i : named) {
      if (columns.get(i) instanceof MetadataColumn column) {
        namedKeys.add(column.getMetadataKey().orElse(column.getName()));
      }
    }
    int physical = rowType().getFieldCount();
    Map<RowMetadata, Integer> positions = new EnumMap<>(RowMetadata.class);
    for (RowMetadata metadata : RowMetadata.values()) {
      int at = keys.indexOf(metadata.key());
      if (at >= 0 && namedKeys.contains(metadata.key())) {
        positions.put(metadata, physical + at);
      }
    }
    if (positions.containsKey(RowMetadata.JUNK_ERROR)) {
      requireNullable();
    }
    return new MetadataPositions(positions);
  }

  private void requireNullable() {
    List<String> required =
        rowType().getFields().stream()
            .filter(field -> !field.getType().isNullable())
            .map(RowField::getName)
            .toList();
    if (!required.isEmpty()) {
      throw new IllegalArgumentException(
          "The INSERT gives 'junk-error'. The columns of a message that could not be decoded are NULL, but %s are NOT NULL: the first such message would fail the job. Declare them without NOT NULL; the table in the database may keep it"
              .formatted(required));
    }
  }
}

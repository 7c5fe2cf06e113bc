package dev.kafkacloudberry.format;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** What a format needs of each column of a table. */
final class Columns {

  private Columns() {}

  /**
   * @param byType what reads or writes a type
   * @throws ValidationException for a column whose type has none
   */
  static <T> List<T> map(
      String format, RowType columns, Function<LogicalType, Optional<T>> byType) {
    return IntStream.range(0, columns.getFieldCount())
        .mapToObj(
            i ->
                byType
                    .apply(columns.getTypeAt(i))
                    .orElseThrow(
                        () ->
                            new ValidationException(
                                ("The format '%s' has no values of type %s, which column '%s' has;"
                                        + " declare it as STRING.")
                                    .formatted(
                                        format,
                                        columns.getTypeAt(i).asSummaryString(),
                                        columns.getFieldNames().get(i)))))
        .toList();
  }

  /** Which of them are NOT NULL. */
  static boolean[] required(RowType columns) {
    boolean[] required = new boolean[columns.getFieldCount()];
    for (int i = 0; i < required.length; i++) {
      required[i] = !columns.getTypeAt(i).isNullable();
    }
    return required;
  }

  static RowData.FieldGetter[] getters(RowType columns) {
    return IntStream.range(0, columns.getFieldCount())
        .mapToObj(i -> RowData.createFieldGetter(columns.getTypeAt(i), i))
        .toArray(RowData.FieldGetter[]::new);
  }
}

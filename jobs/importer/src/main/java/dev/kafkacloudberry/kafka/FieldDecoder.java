package dev.kafkacloudberry.kafka;

import dev.kafkacloudberry.row.RoomBehind;
import java.io.Serializable;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Decodes the fields of a key or of a value that a query uses.
 *
 * @param format makes rows of bytes
 * @param arity of such a row
 * @param from the fields of such a row that are used
 * @param to where they stand in the row that is produced
 * @param required those of them that are NOT NULL
 * @param isInPlace whether such a row is the one that is produced, so that none is copied
 */
record FieldDecoder(
    DeserializationSchema<RowData> format,
    int arity,
    int[] from,
    int[] to,
    RequiredFields required,
    boolean isInPlace)
    implements Serializable {

  /**
   * @param type of all fields of the format
   * @param columns the table's column of each
   * @param produced the table's columns that are used, in this order
   * @param decodesAll whether fields that are not used are decoded too
   * @param metadata how many of the format's own metadata fields follow its fields, and the
   *     produced columns
   */
  static FieldDecoder of(
      DynamicTableSource.Context context,
      DecodingFormat<DeserializationSchema<RowData>> format,
      DataType type,
      int[] columns,
      int[] produced,
      boolean decodesAll,
      int metadata) {
    // In the order of the format's fields: there are formats that read by position.
    int[] used =
        IntStream.range(0, columns.length)
            .filter(field -> indexOf(produced, columns[field]) >= 0)
            .toArray();
    int[] to = IntStream.of(used).map(field -> indexOf(produced, columns[field])).toArray();
    RowType fields = (RowType) type.getLogicalType();
    // Not every format can do without a single field.
    if (used.length > 0 && !decodesAll && format instanceof ProjectableDecodingFormat<?>) {
      DeserializationSchema<RowData> schema =
          ((ProjectableDecodingFormat<DeserializationSchema<RowData>>) format)
              .createRuntimeDecoder(context, type, Projection.of(used).toNestedIndexes());
      int[] from = IntStream.range(0, used.length + metadata).toArray();
      return new FieldDecoder(
          schema,
          from.length,
          from,
          with(to, produced.length, metadata),
          RequiredFields.of(fields, used, from),
          false);
    }
    return new FieldDecoder(
        format.createRuntimeDecoder(context, type),
        columns.length + metadata,
        with(used, columns.length, metadata),
        with(to, produced.length, metadata),
        RequiredFields.of(fields, used, used),
        false);
  }

  /**
   * The same in place, where its fields are the first of the produced row and nothing else is in
   * its own.
   *
   * @param arity of the produced row
   */
  FieldDecoder inPlace(int arity) {
    boolean isSameRow =
        from.length == this.arity
            && IntStream.range(0, from.length).allMatch(i -> from[i] == i && to[i] == i);
    return isSameRow && format instanceof RoomBehind behind
        ? new FieldDecoder(behind.withRoomFor(arity - this.arity), arity, from, to, required, true)
        : this;
  }

  /** No field is used. */
  boolean isEmpty() {
    return from.length == 0;
  }

  void copy(GenericRowData decoded, GenericRowData produced) {
    for (int i = 0; i < from.length; i++) {
      produced.setField(to[i], decoded.getField(from[i]));
    }
  }

  private static int[] with(int[] fields, int first, int count) {
    return IntStream.concat(IntStream.of(fields), IntStream.range(first, first + count)).toArray();
  }

  private static int indexOf(int[] columns, int column) {
    return IntStream.range(0, columns.length)
        .filter(i -> columns[i] == column)
        .findFirst()
        .orElse(-1);
  }
}

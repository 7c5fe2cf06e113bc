package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;

/**
 * Appends the value of one kind of column. NULL is its caller's affair, since every kind writes it
 * alike.
 *
 * <p>An implementation may keep scratch space: one encoder serves one thread.
 */
@FunctionalInterface
interface ColumnEncoder {
  /**
   * Appends the value at {@code index}, which is not NULL: in the binary format with its length
   * before it, in the text format as the type's input function reads it.
   *
   * @throws InvalidValueException if the target cannot hold the value
   */
  void encode(RowData row, int index, CopyBuffer out);
}

package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DecimalType;

/**
 * Numbers and booleans in the text format. A float has the digits that {@code CAST(... AS STRING)}
 * gives in Flink: they are read back as the same float.
 */
final class TextNumbers {
  private static final int MAX_FLOAT_CHARS = 32;

  private TextNumbers() {}

  /** The words that the database's cast to text gives; {@code bool} reads them as well. */
  static void bool(RowData row, int index, CopyBuffer out) {
    out.putAscii(row.getBoolean(index) ? "true" : "false");
  }

  static ColumnEncoder whole(LongField field) {
    return (row, index, out) -> TextDigits.put(out, field.read(row, index));
  }

  static ColumnEncoder decimal(DecimalType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    return (row, index, out) -> {
      DecimalData value = row.getDecimal(index, precision, scale);
      if (value.isCompact()) {
        TextDigits.put(out, value.toUnscaledLong(), value.scale());
      } else {
        out.putAscii(value.toBigDecimal().toPlainString());
      }
    };
  }

  static ColumnEncoder float4(FloatField field) {
    StringBuilder digits = new StringBuilder(MAX_FLOAT_CHARS);
    return (row, index, out) -> {
      digits.setLength(0);
      out.putAscii(digits.append(field.read(row, index)));
    };
  }

  static ColumnEncoder float8(DoubleField field) {
    StringBuilder digits = new StringBuilder(MAX_FLOAT_CHARS);
    return (row, index, out) -> {
      digits.setLength(0);
      out.putAscii(digits.append(field.read(row, index)));
    };
  }

  /**
   * Refuses infinity: {@code numeric} has it from PostgreSQL 14 only, and never with a precision.
   */
  static ColumnEncoder finite(ColumnEncoder encoder, DoubleField field) {
    return (row, index, out) -> {
      double value = field.read(row, index);
      if (Double.isInfinite(value)) {
        throw new InvalidValueException("numeric does not hold infinity", Double.toString(value));
      }
      encoder.encode(row, index, out);
    };
  }
}

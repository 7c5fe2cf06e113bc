package dev.kafkacloudberry.copy;

import java.math.BigInteger;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DecimalType;

/** Numbers and booleans in the binary format. */
final class BinaryNumbers {
  private BinaryNumbers() {}

  static void bool(RowData row, int index, CopyBuffer out) {
    out.putInt(Byte.BYTES);
    out.putByte(row.getBoolean(index) ? 1 : 0);
  }

  static ColumnEncoder int2(LongField field) {
    return (row, index, out) -> {
      long value = field.read(row, index);
      out.putInt(Short.BYTES);
      out.putShort((short) value);
    };
  }

  static ColumnEncoder int4(LongField field) {
    return (row, index, out) -> {
      long value = field.read(row, index);
      out.putInt(Integer.BYTES);
      out.putInt((int) value);
    };
  }

  static ColumnEncoder int8(LongField field) {
    return (row, index, out) -> {
      long value = field.read(row, index);
      out.putInt(Long.BYTES);
      out.putLong(value);
    };
  }

  static ColumnEncoder float4(FloatField field) {
    return (row, index, out) -> {
      float value = field.read(row, index);
      out.putInt(Float.BYTES);
      out.putInt(Float.floatToIntBits(value));
    };
  }

  static ColumnEncoder float8(DoubleField field) {
    return (row, index, out) -> {
      double value = field.read(row, index);
      out.putInt(Double.BYTES);
      out.putLong(Double.doubleToLongBits(value));
    };
  }

  static ColumnEncoder numeric(LongField field) {
    BinaryNumeric numeric = new BinaryNumeric();
    return (row, index, out) -> {
      long value = field.read(row, index);
      numeric.put(out, value < 0, 0, Math.abs(value), 0);
    };
  }

  static ColumnEncoder numeric(DecimalType type) {
    BinaryNumeric numeric = new BinaryNumeric();
    int precision = type.getPrecision();
    int scale = type.getScale();
    return (row, index, out) -> {
      DecimalData value = row.getDecimal(index, precision, scale);
      if (value.isCompact()) {
        long unscaled = value.toUnscaledLong();
        numeric.put(out, unscaled < 0, 0, Math.abs(unscaled), value.scale());
      } else {
        BigInteger unscaled = value.toBigDecimal().unscaledValue();
        BigInteger magnitude = unscaled.abs();
        numeric.put(
            out,
            unscaled.signum() < 0,
            magnitude.shiftRight(Long.SIZE).longValue(),
            magnitude.longValue(),
            value.scale());
      }
    };
  }
}

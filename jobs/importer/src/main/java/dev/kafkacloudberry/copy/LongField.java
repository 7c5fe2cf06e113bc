package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;

/** Reads a whole number, of whichever width, as a long. */
@FunctionalInterface
interface LongField {
  long read(RowData row, int index);

  /** The reader for an integer type or a DECIMAL without a fraction. */
  static LongField of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TINYINT -> RowData::getByte;
      case SMALLINT -> RowData::getShort;
      case INTEGER -> RowData::getInt;
      case BIGINT -> RowData::getLong;
      case DECIMAL -> decimal((DecimalType) type);
      default -> throw new IllegalArgumentException("Not a whole number: " + type);
    };
  }

  /** This field, with values outside the range refused as out of range of the named type. */
  default LongField within(long min, long max, String typeName) {
    return (row, index) -> {
      long value = read(row, index);
      if (value < min || value > max) {
        throw outOfRange(typeName, Long.toString(value));
      }
      return value;
    };
  }

  private static LongField decimal(DecimalType type) {
    int precision = type.getPrecision();
    return (row, index) -> {
      DecimalData value = row.getDecimal(index, precision, 0);
      try {
        return value.toUnscaledLong();
      } catch (ArithmeticException e) {
        throw outOfRange("bigint", value.toString());
      }
    };
  }

  private static InvalidValueException outOfRange(String typeName, String value) {
    return new InvalidValueException("the value is out of range for " + typeName, value);
  }
}

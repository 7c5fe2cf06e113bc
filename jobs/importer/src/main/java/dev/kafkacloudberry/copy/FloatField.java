package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;

/** Reads a number as the nearest float, as the database's own casts to float4 do. */
@FunctionalInterface
interface FloatField {
  float read(RowData row, int index);

  static FloatField of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TINYINT -> RowData::getByte;
      case SMALLINT -> RowData::getShort;
      case INTEGER -> RowData::getInt;
      case BIGINT -> RowData::getLong;
      case FLOAT -> RowData::getFloat;
      case DOUBLE -> FloatField::narrow;
      case DECIMAL -> decimal((DecimalType) type);
      default -> throw new IllegalArgumentException("Not a number: " + type);
    };
  }

  private static float narrow(RowData row, int index) {
    double value = row.getDouble(index);
    float narrowed = (float) value;
    boolean overflown = Float.isInfinite(narrowed) && !Double.isInfinite(value);
    boolean underflown = narrowed == 0 && value != 0;
    if (overflown || underflown) {
      throw new InvalidValueException("the value is out of range for real", Double.toString(value));
    }
    return narrowed;
  }

  private static FloatField decimal(DecimalType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    return (row, index) -> row.getDecimal(index, precision, scale).toBigDecimal().floatValue();
  }
}

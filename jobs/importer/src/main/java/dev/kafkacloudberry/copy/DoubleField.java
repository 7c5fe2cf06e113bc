package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;

/** Reads a number as the nearest double, as the database's own casts to float8 do. */
@FunctionalInterface
interface DoubleField {
  double read(RowData row, int index);

  static DoubleField of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case TINYINT -> RowData::getByte;
      case SMALLINT -> RowData::getShort;
      case INTEGER -> RowData::getInt;
      case BIGINT -> RowData::getLong;
      case FLOAT -> RowData::getFloat;
      case DOUBLE -> RowData::getDouble;
      case DECIMAL -> decimal((DecimalType) type);
      default -> throw new IllegalArgumentException("Not a number: " + type);
    };
  }

  private static DoubleField decimal(DecimalType type) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    return (row, index) -> row.getDecimal(index, precision, scale).toBigDecimal().doubleValue();
  }
}

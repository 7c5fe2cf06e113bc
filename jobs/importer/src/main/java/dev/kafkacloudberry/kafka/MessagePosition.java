package dev.kafkacloudberry.kafka;

import java.util.Optional;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Where a message is: the metadata that predicates are pushed down on. None of it is ever NULL. */
enum MessagePosition {
  PARTITION("partition", Integer.MAX_VALUE),
  OFFSET("offset", Long.MAX_VALUE),
  TIMESTAMP("timestamp", Long.MAX_VALUE);

  private final String metadataKey;
  private final long largest;

  MessagePosition(String metadataKey, long largest) {
    this.metadataKey = metadataKey;
    this.largest = largest;
  }

  /** The largest number that this can be. */
  long largest() {
    return largest;
  }

  /** What a table's column holds, empty if something else, or values that its type has changed. */
  static Optional<MessagePosition> of(MetadataColumn column) {
    String key = column.getMetadataKey().orElse(column.getName());
    for (MessagePosition position : values()) {
      if (position.metadataKey.equals(key)
          && position.fits(column.getDataType().getLogicalType())) {
        return Optional.of(position);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a cast to a type keeps the order of these values, and those apart that are small enough
   * for it.
   */
  boolean fits(LogicalType type) {
    return switch (this) {
      case PARTITION -> fitsNumber(type, 10);
      case OFFSET -> fitsNumber(type, 19);
      case TIMESTAMP ->
          type.is(LogicalTypeFamily.TIMESTAMP) && LogicalTypeChecks.getPrecision(type) >= 3;
    };
  }

  private static boolean fitsNumber(LogicalType type, int digits) {
    return switch (type.getTypeRoot()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE -> true;
      case DECIMAL -> {
        DecimalType decimal = (DecimalType) type;
        yield decimal.getPrecision() - decimal.getScale() >= digits;
      }
      default -> false;
    };
  }
}

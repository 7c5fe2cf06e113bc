package dev.kafkacloudberry.kafka;

import java.util.Optional;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Where a message is: the metadata that predicates are pushed down on. None of it is ever NULL. */
enum MessagePosition {
  PARTITION("partition"),
  OFFSET("offset"),
  TIMESTAMP("timestamp");

  private final String metadataKey;

  MessagePosition(String metadataKey) {
    this.metadataKey = metadataKey;
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
    LogicalTypeRoot root = type.getTypeRoot();
    return switch (this) {
      case PARTITION -> root == LogicalTypeRoot.INTEGER || fitsNumber(type, 10);
      case OFFSET -> fitsNumber(type, 19);
      case TIMESTAMP ->
          root == LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE
              && LogicalTypeChecks.getPrecision(type) >= 3;
    };
  }

  private static boolean fitsNumber(LogicalType type, int digits) {
    return switch (type.getTypeRoot()) {
      case BIGINT, FLOAT, DOUBLE -> true;
      case DECIMAL -> {
        DecimalType decimal = (DecimalType) type;
        yield decimal.getPrecision() - decimal.getScale() >= digits;
      }
      default -> false;
    };
  }
}

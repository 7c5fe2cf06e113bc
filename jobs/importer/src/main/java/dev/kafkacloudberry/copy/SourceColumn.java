package dev.kafkacloudberry.copy;

import java.util.Objects;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * A column of the source row.
 *
 * @param name its name in Flink
 * @param type its type in Flink
 * @param index its position in the row, from 0
 */
public record SourceColumn(String name, LogicalType type, int index) {
  public SourceColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.checkIndex(index, Integer.MAX_VALUE);
  }
}

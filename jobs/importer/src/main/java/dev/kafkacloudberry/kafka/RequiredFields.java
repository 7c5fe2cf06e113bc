package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * The fields of a decoded row that a table declares as NOT NULL. The planner believes it, and would
 * read a NULL as some number.
 *
 * @param positions in the row
 * @param names of the columns
 */
record RequiredFields(int[] positions, List<String> names) implements Serializable {

  /**
   * @param type of all fields of the format
   * @param used those of them that a query uses
   * @param positions where they stand in the row
   */
  static RequiredFields of(RowType type, int[] used, int[] positions) {
    int[] required =
        IntStream.range(0, used.length)
            .filter(i -> !type.getTypeAt(used[i]).isNullable())
            .toArray();
    return new RequiredFields(
        IntStream.of(required).map(i -> positions[i]).toArray(),
        Arrays.stream(required).mapToObj(i -> type.getFieldNames().get(used[i])).toList());
  }

  /**
   * @throws IOException if one of them is NULL
   */
  void check(List<RowData> rows) throws IOException {
    for (int i = 0; i < positions.length; i++) {
      for (RowData row : rows) {
        if (row.isNullAt(positions[i])) {
          throw new IOException(
              "column %s: a NULL where the type is NOT NULL".formatted(names.get(i)));
        }
      }
    }
  }
}

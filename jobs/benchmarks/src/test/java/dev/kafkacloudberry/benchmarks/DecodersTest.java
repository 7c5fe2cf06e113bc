package dev.kafkacloudberry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecodersTest {

  private static final int ROWS = 100;

  /** Otherwise there would be nothing to compare. */
  @ParameterizedTest
  @EnumSource
  void theFormatsOfFlinkAndOfThisProjectMakeTheSameRows(MessageFormat format) throws Exception {
    for (Shape shape : List.of(Shape.values())) {
      DeserializationSchema<RowData> own = Decoders.of(format.own(), shape);
      DeserializationSchema<RowData> stock = Decoders.of(format.stock(), shape);
      RowWriter writer = new RowWriter(shape, format);
      for (int row = 0; row < ROWS; row++) {
        byte[] message = writer.row(row);
        assertThat(own.deserialize(message)).isEqualTo(stock.deserialize(message));
      }
    }
  }
}

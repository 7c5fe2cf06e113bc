package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class FieldDecoderTest {

  private static final DataType TWO_NUMBERS =
      DataTypes.ROW(DataTypes.FIELD("a", DataTypes.INT()), DataTypes.FIELD("b", DataTypes.INT()));

  /** One that reads by position, as Flink's avro does: what is asked for first comes first. */
  private static final class ByPosition
      implements ProjectableDecodingFormat<DeserializationSchema<RowData>> {

    private int[][] asked;

    @Override
    public DeserializationSchema<RowData> createRuntimeDecoder(
        DynamicTableSource.Context context, DataType type, int[][] projections) {
      asked = projections;
      return null;
    }

    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }
  }

  @Test
  void aFormatIsAskedForItsFieldsInItsOwnOrderWhateverTheQuerys() {
    ByPosition format = new ByPosition();
    int[] queryWantsBThenA = {1, 0};
    FieldDecoder decoder =
        FieldDecoder.of(null, format, TWO_NUMBERS, new int[] {0, 1}, queryWantsBThenA, false, 0);
    assertThat(format.asked).isDeepEqualTo(new int[][] {{0}, {1}});
    GenericRowData produced = new GenericRowData(2);
    decoder.copy(GenericRowData.of(10, 20), produced);
    assertThat(produced).isEqualTo(GenericRowData.of(20, 10));
  }
}

package dev.kafkacloudberry.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows come as objects from a format and as bytes from an exchange between tasks. */
class BinaryRowTest {
  private static final List<DataType> TYPES =
      List.of(
          DataTypes.STRING(),
          DataTypes.STRING(),
          DataTypes.DECIMAL(10, 2),
          DataTypes.DECIMAL(38, 2),
          DataTypes.TIMESTAMP(3),
          DataTypes.TIMESTAMP_LTZ(6),
          DataTypes.BYTES(),
          DataTypes.ARRAY(DataTypes.STRING()),
          DataTypes.ARRAY(DataTypes.INT()),
          DataTypes.INT());
  private static final List<String> TARGETS =
      List.of(
          "text",
          "text",
          "numeric",
          "numeric",
          "timestamp",
          "timestamptz",
          "bytea",
          "_text",
          "_int4",
          "int4");

  @ParameterizedTest
  @EnumSource
  void rowsOfObjectsAndRowsOfBytesAreEncodedAlike(CopyFormat format) throws RowEncodingException {
    GenericRowData objects =
        GenericRowData.of(
            StringData.fromString("short"),
            StringData.fromString("too long for the fixed part é€😀"),
            DecimalData.fromBigDecimal(new BigDecimal("-1.50"), 10, 2),
            DecimalData.fromBigDecimal(new BigDecimal("-12345678901234567890.50"), 38, 2),
            TimestampData.fromEpochMillis(-1),
            TimestampData.fromEpochMillis(-1, 1_000),
            new byte[] {1, 2},
            new GenericArrayData(new Object[] {StringData.fromString("é"), null}),
            new GenericArrayData(new Object[] {1, null}),
            null);
    LogicalType[] types = TYPES.stream().map(DataType::getLogicalType).toArray(LogicalType[]::new);
    RowData bytes = new RowDataSerializer(types).toBinaryRow(objects);

    assertThat(encode(format, bytes)).isEqualTo(encode(format, objects));
  }

  private static byte[] encode(CopyFormat format, RowData row) throws RowEncodingException {
    List<ColumnPair> pairs =
        IntStream.range(0, TYPES.size())
            .mapToObj(
                i ->
                    new ColumnPair(
                        new SourceColumn("c", TYPES.get(i).getLogicalType(), i),
                        new TargetColumn("c", TARGETS.get(i), TARGETS.get(i))))
            .toList();
    CopyBuffer out = new CopyBuffer();
    RowEncoder.of(pairs, Optional.of(format)).encode(row, out);
    return Arrays.copyOf(out.array(), out.length());
  }
}

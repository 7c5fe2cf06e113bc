package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROWS = 20_000;

  @ParameterizedTest
  @EnumSource
  void encodingAllocatesNothingPerRow(CopyFormat format) throws RowEncodingException {
    Map<DataType, String> columns = new LinkedHashMap<>();
    GenericRowData row = GenericRowData.of(commonValues(columns));
    List<ColumnPair> pairs = new ArrayList<>();
    columns.forEach(
        (type, target) ->
            pairs.add(
                new ColumnPair(
                    new SourceColumn("c", type.getLogicalType(), pairs.size()),
                    new TargetColumn("c", target, target))));
    RowEncoder encoder = RowEncoder.of(pairs, Optional.of(format));
    CopyBuffer out = new CopyBuffer();
    encode(encoder, row, out);

    long before = THREADS.getCurrentThreadAllocatedBytes();
    encode(encoder, row, out);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat((double) allocated / ROWS).as("bytes per row").isLessThan(1);
  }

  private static void encode(RowEncoder encoder, GenericRowData row, CopyBuffer out)
      throws RowEncodingException {
    for (int i = 0; i < ROWS; i++) {
      encoder.encode(row, out);
      out.reset();
    }
  }

  private static Object[] commonValues(Map<DataType, String> columns) {
    List<Object> values = new ArrayList<>();
    add(columns, values, DataTypes.BOOLEAN(), "bool", true);
    add(columns, values, DataTypes.TINYINT(), "int2", (byte) 1);
    add(columns, values, DataTypes.SMALLINT(), "int4", (short) 2);
    add(columns, values, DataTypes.INT(), "int8", 3);
    add(columns, values, DataTypes.BIGINT(), "int4", 4L);
    add(columns, values, DataTypes.FLOAT(), "float4", 5.5f);
    add(columns, values, DataTypes.DOUBLE(), "float8", 6.25);
    add(
        columns,
        values,
        DataTypes.DECIMAL(18, 4),
        "numeric",
        DecimalData.fromUnscaledLong(123_456_789_012_345L, 18, 4));
    add(columns, values, DataTypes.STRING(), "text", StringData.fromString("aé€😀\n"));
    add(
        columns,
        values,
        DataTypes.VARCHAR(40),
        "jsonb",
        StringData.fromBytes("{\"a\": \"é€😀\"}".getBytes(UTF_8)));
    add(
        columns,
        values,
        DataTypes.CHAR(36),
        "uuid",
        StringData.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
    add(columns, values, DataTypes.BYTES(), "bytea", new byte[] {1, 2, 3});
    add(columns, values, DataTypes.DATE(), "date", 20_000);
    add(columns, values, DataTypes.TIME(3), "time", 45_296_789);
    TimestampData timestamp = TimestampData.fromEpochMillis(-62_200_000_000_123L, 456_000);
    add(columns, values, DataTypes.TIMESTAMP(6), "timestamp", timestamp);
    add(columns, values, DataTypes.TIMESTAMP_LTZ(6), "timestamptz", timestamp);
    add(
        columns,
        values,
        DataTypes.ARRAY(DataTypes.STRING()),
        "_text",
        new GenericArrayData(new Object[] {StringData.fromString("a\"b"), null}));
    add(columns, values, DataTypes.TIMESTAMP(3), "timestamp", null);
    return values.toArray();
  }

  private static void add(
      Map<DataType, String> columns,
      List<Object> values,
      DataType type,
      String target,
      Object value) {
    columns.put(type, target);
    values.add(value);
  }
}

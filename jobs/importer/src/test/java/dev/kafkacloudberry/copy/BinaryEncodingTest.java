package dev.kafkacloudberry.copy;

import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.BYTES;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.DECIMAL;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.FLOAT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.SMALLINT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIME;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.apache.flink.table.api.DataTypes.TINYINT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class BinaryEncodingTest {
  @Test
  void headerIsSignatureFlagsAndExtensionLength() {
    assertThat(CopyFormat.BINARY.header())
        .asHexString()
        .isEqualTo("5047434F50590AFF0D0A00" + "00000000" + "00000000");
    assertThat(CopyFormat.BINARY.trailer()).asHexString().isEqualTo("FFFF");
    assertThat(CopyFormat.BINARY.option()).isEqualTo("FORMAT binary");
  }

  @Test
  void rowIsColumnCountAndFieldsInTargetOrder() throws RowEncodingException {
    RowEncoder encoder =
        RowEncoder.of(
            List.of(
                new ColumnPair(
                    new SourceColumn("b", VarCharType.STRING_TYPE, 1),
                    new TargetColumn("x", "text", "text")),
                new ColumnPair(
                    new SourceColumn("a", new IntType(), 0),
                    new TargetColumn("y", "int4", "integer"))),
            Optional.empty());
    CopyBuffer out = new CopyBuffer();

    encoder.encode(GenericRowData.of(7, StringData.fromString("ab")), out);
    encoder.encode(GenericRowData.of(null, StringData.fromString("")), out);

    assertThat(encoder.format()).isEqualTo(CopyFormat.BINARY);
    assertThat(HexFormat.of().formatHex(out.array(), 0, out.length()))
        .isEqualTo(
            "0002"
                + "00000002"
                + "6162"
                + "00000004"
                + "00000007"
                + "0002"
                + "00000000"
                + "ffffffff");
  }

  @Test
  void booleans() throws RowEncodingException {
    assertThat(SingleColumn.of(BOOLEAN(), "bool").binary(true)).isEqualTo("01");
    assertThat(SingleColumn.of(BOOLEAN(), "bool").binary(false)).isEqualTo("00");
  }

  @Test
  void integersOfEachWidthIntoEachWidth() throws RowEncodingException {
    assertThat(SingleColumn.of(TINYINT(), "int2").binary((byte) -2)).isEqualTo("fffe");
    assertThat(SingleColumn.of(SMALLINT(), "int2").binary((short) 258)).isEqualTo("0102");
    assertThat(SingleColumn.of(INT(), "int2").binary(-32768)).isEqualTo("8000");
    assertThat(SingleColumn.of(INT(), "int4").binary(-1)).isEqualTo("ffffffff");
    assertThat(SingleColumn.of(INT(), "int8").binary(-1)).isEqualTo("ffffffffffffffff");
    assertThat(SingleColumn.of(BIGINT(), "int4").binary(2147483647L)).isEqualTo("7fffffff");
    assertThat(SingleColumn.of(BIGINT(), "int8").binary(Long.MIN_VALUE))
        .isEqualTo("8000000000000000");
    assertThat(SingleColumn.of(DECIMAL(5, 0), "int4").binary(decimal("65", 5, 0)))
        .isEqualTo("00000041");
  }

  @Test
  void floats() throws RowEncodingException {
    assertThat(SingleColumn.of(FLOAT(), "float4").binary(1.5f)).isEqualTo("3fc00000");
    assertThat(SingleColumn.of(FLOAT(), "float8").binary(0.1f)).isEqualTo("3fb99999a0000000");
    assertThat(SingleColumn.of(DOUBLE(), "float8").binary(-0.0)).isEqualTo("8000000000000000");
    assertThat(SingleColumn.of(DOUBLE(), "float4").binary(1.5)).isEqualTo("3fc00000");
    assertThat(SingleColumn.of(DOUBLE(), "float4").binary(Double.NaN)).isEqualTo("7fc00000");
    assertThat(SingleColumn.of(DOUBLE(), "float4").binary(Double.NEGATIVE_INFINITY))
        .isEqualTo("ff800000");
    assertThat(SingleColumn.of(BIGINT(), "float8").binary(3L)).isEqualTo("4008000000000000");
    assertThat(SingleColumn.of(DECIMAL(3, 1), "float4").binary(decimal("1.5", 3, 1)))
        .isEqualTo("3fc00000");
  }

  @Test
  void numericIsBase10000FromTheDecimalPoint() throws RowEncodingException {
    assertThat(numeric("12345.678", 8, 3))
        .isEqualTo("0003" + "0001" + "0000" + "0003" + "000109291a7c");
    assertThat(numeric("-0.00001", 5, 5)).isEqualTo("0001" + "fffe" + "4000" + "0005" + "03e8");
    assertThat(numeric("0.00", 3, 2)).isEqualTo("0000" + "0000" + "0000" + "0002");
    assertThat(numeric("10000", 5, 0)).isEqualTo("0001" + "0001" + "0000" + "0000" + "0001");
    // 1234 5678 9012 3456 7890 . 5000
    assertThat(numeric("12345678901234567890.5", 38, 18))
        .isEqualTo("0006" + "0004" + "0000" + "0012" + "04d2162e23340d801ed21388");
    assertThat(numeric("9".repeat(38), 38, 0))
        .isEqualTo("000a" + "0009" + "0000" + "0000" + "0063" + "270f".repeat(9));
    assertThat(SingleColumn.of(BIGINT(), "numeric").binary(Long.MIN_VALUE))
        .isEqualTo("0005" + "0004" + "4000" + "0000" + "039a" + "0d2c" + "0170" + "1565" + "16b0");
  }

  @Test
  void strings() throws RowEncodingException {
    for (String type : List.of("text", "varchar", "bpchar", "json")) {
      assertThat(SingleColumn.string(type).binary(StringData.fromString("aé€😀")))
          .isEqualTo("61" + "c3a9" + "e282ac" + "f09f9880");
    }
    assertThat(SingleColumn.string("jsonb").binary(StringData.fromString("{}")))
        .isEqualTo("017b7d");
    assertThat(SingleColumn.of(BYTES(), "bytea").binary(new byte[] {0, -1})).isEqualTo("00ff");
  }

  @Test
  void uuidInEveryFormThatTheDatabaseReads() throws RowEncodingException {
    for (String form :
        List.of(
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}")) {
      assertThat(SingleColumn.string("uuid").binary(StringData.fromString(form)))
          .isEqualTo("a0eebc999c0b4ef8bb6d6bb9bd380a11");
    }
  }

  @Test
  void dates() throws RowEncodingException {
    assertThat(date("2000-01-01")).isEqualTo("00000000");
    assertThat(date("1999-12-31")).isEqualTo("ffffffff");
    assertThat(date("-4713-11-24")).isEqualTo("%08x".formatted(-2451545));
    assertThat(date("+5874897-12-31")).isEqualTo("%08x".formatted(2145031948));
    assertThat(SingleColumn.of(DATE(), "timestamp").binary(10958)).isEqualTo("000000141dd76000");
  }

  private static String date(String date) throws RowEncodingException {
    return SingleColumn.of(DATE(), "date").binary((int) LocalDate.parse(date).toEpochDay());
  }

  @Test
  void times() throws RowEncodingException {
    assertThat(SingleColumn.of(TIME(3), "time").binary(0)).isEqualTo("0000000000000000");
    assertThat(SingleColumn.of(TIME(3), "time").binary(86_399_999))
        .isEqualTo("%016x".formatted(86_399_999_000L));
  }

  @Test
  void timestamps() throws RowEncodingException {
    assertThat(timestamp("2000-01-01T00:00:00.000001")).isEqualTo("0000000000000001");
    assertThat(timestamp("1999-12-31T23:59:59.999999")).isEqualTo("ffffffffffffffff");
    assertThat(timestamp("-4713-11-24T00:00:00"))
        .isEqualTo("%016x".formatted(-211_813_488_000_000_000L));
    assertThat(timestamp("+294276-12-31T23:59:59.999999"))
        .isEqualTo("%016x".formatted(9_223_371_331_199_999_999L));
  }

  private static String timestamp(String timestamp) throws RowEncodingException {
    TimestampData value = TimestampData.fromLocalDateTime(LocalDateTime.parse(timestamp));
    String local = SingleColumn.of(TIMESTAMP(6), "timestamp").binary(value);
    assertThat(SingleColumn.of(TIMESTAMP_LTZ(6), "timestamptz").binary(value)).isEqualTo(local);
    return local;
  }

  @Test
  void arrays() throws RowEncodingException {
    assertThat(array(INT(), "_int4", 1, null))
        .isEqualTo(
            "00000001"
                + "00000001"
                + "00000017"
                + "00000002"
                + "00000001"
                + "00000004"
                + "00000001"
                + "ffffffff");
    assertThat(array(STRING(), "_text", StringData.fromString("NULL")))
        .isEqualTo(
            "00000001"
                + "00000000"
                + "00000019"
                + "00000001"
                + "00000001"
                + "00000004"
                + "4e554c4c");
    assertThat(array(INT(), "_int8")).isEqualTo("00000000" + "00000000" + "00000014");
  }

  private static String array(DataType element, String baseType, Object... elements)
      throws RowEncodingException {
    return SingleColumn.of(ARRAY(element), baseType).binary(new GenericArrayData(elements));
  }

  private static String numeric(String value, int precision, int scale)
      throws RowEncodingException {
    return SingleColumn.of(DECIMAL(precision, scale), "numeric")
        .binary(decimal(value, precision, scale));
  }

  private static DecimalData decimal(String value, int precision, int scale) {
    return DecimalData.fromBigDecimal(new BigDecimal(value), precision, scale);
  }
}

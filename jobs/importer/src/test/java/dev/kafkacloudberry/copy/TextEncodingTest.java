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
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIME;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class TextEncodingTest {
  @Test
  void nothingFramesTheRows() {
    assertThat(CopyFormat.TEXT.header()).isEmpty();
    assertThat(CopyFormat.TEXT.trailer()).isEmpty();
    assertThat(CopyFormat.TEXT.option()).isEqualTo("FORMAT text");
  }

  @Test
  void rowIsATabSeparatedLine() throws RowEncodingException {
    RowEncoder encoder =
        RowEncoder.of(
            List.of(
                new ColumnPair(
                    new SourceColumn("a", new IntType(), 0),
                    new TargetColumn("x", "int4", "integer")),
                new ColumnPair(
                    new SourceColumn("b", VarCharType.STRING_TYPE, 1),
                    new TargetColumn("y", "inet", "inet"))),
            Optional.empty());
    CopyBuffer out = new CopyBuffer();

    encoder.encode(GenericRowData.of(7, StringData.fromString("::1")), out);
    encoder.encode(GenericRowData.of(null, null), out);

    assertThat(encoder.format()).isEqualTo(CopyFormat.TEXT);
    assertThat(new String(out.array(), 0, out.length(), StandardCharsets.UTF_8))
        .isEqualTo("7\t::1\n\\N\t\\N\n");
  }

  @Test
  void stringsAreEscapedAndToldFromNull() throws RowEncodingException {
    assertThat(text("")).isEmpty();
    assertThat(text("\\N")).isEqualTo("\\\\N");
    assertThat(text("\\.")).isEqualTo("\\\\.");
    assertThat(text("a\tb\nc\rd\\")).isEqualTo("a\\tb\\nc\\rd\\\\");
    assertThat(text("\b\f\u000b😀")).isEqualTo("\b\f\u000b😀");
    assertThat(SingleColumn.string("text").text(null)).isEqualTo("\\N");
  }

  private static String text(String value) throws RowEncodingException {
    return SingleColumn.string("text").text(StringData.fromString(value));
  }

  @Test
  void escapingAfterEarlierColumnsLeavesThemAlone() throws RowEncodingException {
    RowEncoder encoder =
        RowEncoder.of(
            List.of(
                new ColumnPair(
                    new SourceColumn("a", VarCharType.STRING_TYPE, 0),
                    new TargetColumn("a", "text", "text")),
                new ColumnPair(
                    new SourceColumn("b", VarCharType.STRING_TYPE, 1),
                    new TargetColumn("b", "text", "text"))),
            Optional.of(CopyFormat.TEXT));
    CopyBuffer out = new CopyBuffer();

    encoder.encode(
        GenericRowData.of(StringData.fromString("a\\b"), StringData.fromString("\\c\\")), out);

    assertThat(new String(out.array(), 0, out.length(), StandardCharsets.UTF_8))
        .isEqualTo("a\\\\b\t\\\\c\\\\\n");
  }

  @Test
  void bytesAreHexWithTheBackslashEscaped() throws RowEncodingException {
    assertThat(SingleColumn.of(BYTES(), "bytea").text(new byte[] {0, 0x5c, -1}))
        .isEqualTo("\\\\x005cff");
  }

  @Test
  void numbers() throws RowEncodingException {
    assertThat(SingleColumn.of(BIGINT(), "text").text(Long.MIN_VALUE))
        .isEqualTo("-9223372036854775808");
    assertThat(SingleColumn.of(BIGINT(), "int8").text(0L)).isEqualTo("0");
    assertThat(SingleColumn.of(BOOLEAN(), "text").text(true)).isEqualTo("true");
    assertThat(SingleColumn.of(BOOLEAN(), "bool").text(false)).isEqualTo("false");
    assertThat(SingleColumn.of(DOUBLE(), "numeric").text(1e22)).isEqualTo("1.0E22");
    assertThat(SingleColumn.of(DOUBLE(), "float8").text(Double.NaN)).isEqualTo("NaN");
    assertThat(SingleColumn.of(DOUBLE(), "float8").text(Double.NEGATIVE_INFINITY))
        .isEqualTo("-Infinity");
    assertThat(SingleColumn.of(FLOAT(), "float4").text(0.1f)).isEqualTo("0.1");
    assertThat(SingleColumn.of(FLOAT(), "float8").text(0.1f))
        .as("the same value as in the binary format")
        .isEqualTo("0.10000000149011612");
  }

  @Test
  void decimalsKeepTheirScale() throws RowEncodingException {
    assertThat(decimal("-0.05", 3, 2)).isEqualTo("-0.05");
    assertThat(decimal("0.00", 3, 2)).isEqualTo("0.00");
    assertThat(decimal("12.30", 18, 2)).isEqualTo("12.30");
    assertThat(decimal("0.000000000000000001", 18, 18)).isEqualTo("0.000000000000000001");
    assertThat(decimal("-999999999999999999", 18, 0)).isEqualTo("-999999999999999999");
    assertThat(decimal("-0.00000000000000000000000000000000000001", 38, 38))
        .isEqualTo("-0.00000000000000000000000000000000000001");
  }

  private static String decimal(String value, int precision, int scale)
      throws RowEncodingException {
    DecimalData decimal = DecimalData.fromBigDecimal(new BigDecimal(value), precision, scale);
    return SingleColumn.of(DECIMAL(precision, scale), "numeric").text(decimal);
  }

  @Test
  void datesAndTimesAreWrittenAsTheDatabaseWritesThem() throws RowEncodingException {
    assertThat(date("0001-01-01")).isEqualTo("0001-01-01");
    assertThat(date("0000-12-31")).isEqualTo("0001-12-31 BC");
    assertThat(date("-0043-03-15")).isEqualTo("0044-03-15 BC");
    assertThat(date("+10000-02-28")).isEqualTo("10000-02-28");
    assertThat(SingleColumn.of(TIME(3), "time").text(45_296_700)).isEqualTo("12:34:56.7");
    assertThat(SingleColumn.of(TIME(3), "text").text(0)).isEqualTo("00:00:00");
    assertThat(timestamp("2024-02-29T23:59:59.000001")).isEqualTo("2024-02-29 23:59:59.000001");
    assertThat(timestamp("-0043-03-15T01:02:03")).isEqualTo("0044-03-15 01:02:03 BC");
    assertThat(
            SingleColumn.of(TIMESTAMP_LTZ(6), "timestamptz")
                .text(TimestampData.fromEpochMillis(-1)))
        .isEqualTo("1969-12-31 23:59:59.999+00");
  }

  private static String date(String date) throws RowEncodingException {
    int epochDay = (int) LocalDate.parse(date).toEpochDay();
    String text = SingleColumn.of(DATE(), "date").text(epochDay);
    assertThat(SingleColumn.of(DATE(), "varchar").text(epochDay)).isEqualTo(text);
    return text;
  }

  private static String timestamp(String timestamp) throws RowEncodingException {
    TimestampData value = TimestampData.fromLocalDateTime(LocalDateTime.parse(timestamp));
    return SingleColumn.of(TIMESTAMP(6), "timestamp").text(value);
  }

  @Test
  void textKeepsNanoseconds() throws RowEncodingException {
    assertThat(SingleColumn.of(TIMESTAMP(9), "text").text(TimestampData.fromEpochMillis(0, 1)))
        .isEqualTo("1970-01-01 00:00:00.000000001");
  }

  @Test
  void everyDayIsTheSameAsInJavaTime() throws RowEncodingException {
    long seed = 20_240_229;
    Random random = new Random(seed);
    SingleColumn column = SingleColumn.of(DATE(), "text");
    for (int i = 0; i < 10_000; i++) {
      LocalDate date = LocalDate.ofEpochDay(random.nextInt(-800_000, 3_000_000));
      String expected =
          date.getYear() > 0
              ? "%04d-%02d-%02d"
                  .formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth())
              : "%04d-%02d-%02d BC"
                  .formatted(1 - date.getYear(), date.getMonthValue(), date.getDayOfMonth());
      assertThat(column.text((int) date.toEpochDay())).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void arrayElementsAreQuotedAndEscapedTwice() throws RowEncodingException {
    SingleColumn strings = SingleColumn.of(ARRAY(STRING()), "_text");
    assertThat(strings.text(strings("a", null, "NULL", "", "b\"\\\n,{}")))
        .isEqualTo("{\"a\",NULL,\"NULL\",\"\",\"b\\\\\"\\\\\\\\\\n,{}\"}");
    assertThat(strings.text(strings())).isEqualTo("{}");
    assertThat(SingleColumn.of(ARRAY(INT()), "_int4").text(new GenericArrayData(new int[] {1, -2})))
        .isEqualTo("{\"1\",\"-2\"}");
    assertThat(
            SingleColumn.of(ARRAY(BYTES()), "_bytea")
                .text(new GenericArrayData(new Object[] {new byte[] {1}})))
        .isEqualTo("{\"\\\\\\\\x01\"}");
    assertThat(SingleColumn.of(ARRAY(STRING()), "_box").text(strings("(1,1),(0,0)", "(2,2),(1,1)")))
        .isEqualTo("{\"(1,1),(0,0)\";\"(2,2),(1,1)\"}");
  }

  private static GenericArrayData strings(String... strings) {
    return new GenericArrayData(Arrays.stream(strings).map(StringData::fromString).toArray());
  }
}

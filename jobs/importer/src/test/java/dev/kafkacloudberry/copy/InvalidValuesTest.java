package dev.kafkacloudberry.copy;

import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.DECIMAL;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIME;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InvalidValuesTest {
  @ParameterizedTest
  @EnumSource
  void aRefusedRowLeavesTheBufferAsItWas(CopyFormat format) throws RowEncodingException {
    RowEncoder encoder =
        RowEncoder.of(
            List.of(
                new ColumnPair(
                    new SourceColumn("a", new IntType(), 0),
                    new TargetColumn("a", "int4", "integer")),
                new ColumnPair(
                    new SourceColumn("b", VarCharType.STRING_TYPE, 1),
                    new TargetColumn("Bad Column", "text", "text"))),
            Optional.of(format));
    CopyBuffer out = new CopyBuffer();
    encoder.encode(GenericRowData.of(1, StringData.fromString("x")), out);
    byte[] before = Arrays.copyOf(out.array(), out.length());

    RowEncodingException e =
        catchThrowableOfType(
            RowEncodingException.class,
            () -> encoder.encode(GenericRowData.of(2, StringData.fromString("a\0b")), out));

    assertThat(Arrays.copyOf(out.array(), out.length())).isEqualTo(before);
    assertThat(e.column()).isEqualTo("Bad Column");
    assertThat(e.reason()).contains("U+0000");
    assertThat(e.value()).isEqualTo("a\\u0000b");
    assertThat(e)
        .hasMessageContaining("\"Bad Column\"")
        .hasMessageContaining(e.reason())
        .hasMessageContaining(e.value());
  }

  @Test
  void valuesThatAreNoDataLeaveTheBufferAsItWasToo() {
    CopyBuffer out = new CopyBuffer();
    RowEncoder encoder = SingleColumn.of(INT(), "int4").encoder(CopyFormat.BINARY);

    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> encoder.encode(GenericRowData.of("no number"), out));

    assertThat(out.length()).isZero();
  }

  @Test
  void integersOutOfRange() {
    refused(SingleColumn.of(BIGINT(), "int4"), 2147483648L, "out of range for integer");
    refused(SingleColumn.of(BIGINT(), "int4"), -2147483649L, "out of range for integer");
    refused(SingleColumn.of(INT(), "int2"), 32768, "out of range for smallint");
    refused(SingleColumn.of(INT(), "int2"), -32769, "out of range for smallint");
    refused(
        SingleColumn.of(DECIMAL(38, 0), "int8"),
        DecimalData.fromBigDecimal(new BigDecimal("9223372036854775808"), 38, 0),
        "out of range for bigint");
  }

  @Test
  void doublesThatAreNoFloat() {
    refused(SingleColumn.of(DOUBLE(), "float4"), 1e39, "out of range for real");
    refused(SingleColumn.of(DOUBLE(), "float4"), -1e-60, "out of range for real");
  }

  @Test
  void infinityIsNoNumeric() {
    SingleColumn column = SingleColumn.of(DOUBLE(), "numeric");
    assertThatExceptionOfType(RowEncodingException.class)
        .isThrownBy(() -> column.text(Double.POSITIVE_INFINITY))
        .withMessageContaining("infinity");
  }

  @Test
  void decimalsWithMoreDigitsThanTheColumn() throws RowEncodingException {
    SingleColumn compact = SingleColumn.of(DECIMAL(18, 2), "numeric", "numeric(5,2)");
    assertThat(compact.text(decimal("-999.99", 18, 2))).isEqualTo("-999.99");
    refused(compact, decimal("-1000.00", 18, 2), "3 digits before the decimal point");

    SingleColumn large = SingleColumn.of(DECIMAL(38, 2), "numeric", "numeric(30,2)");
    assertThat(large.text(decimal("9".repeat(28) + ".99", 38, 2))).hasSize(31);
    refused(large, decimal("1" + "0".repeat(28), 38, 2), "28 digits before the decimal point");

    SingleColumn fraction = SingleColumn.of(DECIMAL(38, 0), "numeric", "numeric(2,2)");
    assertThat(fraction.text(decimal("0", 38, 0))).isEqualTo("0");
    refused(fraction, decimal("1", 38, 0), "0 digits before the decimal point");

    SingleColumn whole = SingleColumn.of(INT(), "numeric", "numeric(5,2)");
    assertThat(whole.text(-999)).isEqualTo("-999");
    refused(whole, 1000, "out of range for numeric(5,2)");
  }

  private static DecimalData decimal(String value, int precision, int scale) {
    return DecimalData.fromBigDecimal(new BigDecimal(value), precision, scale);
  }

  @Test
  void textLongerThanTheColumn() throws RowEncodingException {
    SingleColumn column = SingleColumn.of(STRING(), "varchar", "character varying(3)");
    assertThat(column.binary(StringData.fromString("é😀é"))).hasSize(16);
    assertThat(column.text(StringData.fromString("\n\n\n")))
        .as("escapes do not count")
        .isEqualTo("\\n\\n\\n");
    refused(column, StringData.fromString("é😀éa"), "longer than the 3 characters");
    refused(
        SingleColumn.of(ARRAY(STRING()), "_varchar", "character varying(3)[]"),
        new GenericArrayData(new Object[] {StringData.fromString("four")}),
        "longer than the 3 characters");
    SingleColumn number = SingleColumn.of(INT(), "bpchar", "character(3)");
    assertThatExceptionOfType(RowEncodingException.class)
        .isThrownBy(() -> number.text(1000))
        .withMessageContaining("longer than the 3 characters");
  }

  @Test
  void datesAndTimesOutOfRangeAndThoseThatMeanInfinity() {
    SingleColumn date = SingleColumn.of(DATE(), "date");
    refused(date, (int) LocalDate.of(-4713, 11, 23).toEpochDay(), "out of range for date");
    refused(date, (int) LocalDate.of(5_874_898, 1, 1).toEpochDay(), "out of range for date");
    refused(date, Integer.MIN_VALUE, "out of range for date");
    refused(date, Integer.MAX_VALUE, "out of range for date");
    SingleColumn midnight = SingleColumn.of(DATE(), "timestamp");
    int lastDay = (int) LocalDate.of(294_276, 12, 31).toEpochDay();
    refused(midnight, lastDay + 1, "out of range for timestamp");
    refused(midnight, Integer.MIN_VALUE, "out of range for timestamp");
    refused(SingleColumn.of(TIME(3), "time"), 86_400_000, "out of range for time");
    refused(SingleColumn.of(TIME(3), "time"), -1, "out of range for time");
  }

  @Test
  void timestampsOutOfRangeAndThoseThatMeanInfinity() {
    for (SingleColumn column :
        List.of(
            SingleColumn.of(TIMESTAMP(6), "timestamp"),
            SingleColumn.of(TIMESTAMP_LTZ(6), "timestamptz"))) {
      for (long millis :
          new long[] {
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            Long.MIN_VALUE / 1000,
            toMillis(LocalDateTime.of(-4713, 11, 24, 0, 0)) - 1,
            toMillis(LocalDateTime.of(294_277, 1, 1, 0, 0))
          }) {
        refused(column, TimestampData.fromEpochMillis(millis), "out of range for timestamp");
      }
    }
  }

  private static long toMillis(LocalDateTime timestamp) {
    return TimestampData.fromLocalDateTime(timestamp).getMillisecond();
  }

  @Test
  void nanosecondsAreNotCutInSilence() {
    refused(
        SingleColumn.of(TIMESTAMP(9), "timestamp"),
        TimestampData.fromEpochMillis(0, 1001),
        "CAST(... AS TIMESTAMP(6))");
    refused(
        SingleColumn.of(TIMESTAMP_LTZ(9), "timestamptz"),
        TimestampData.fromEpochMillis(0, 1),
        "TIMESTAMP_LTZ(6)");
  }

  @Test
  void textThatIsNoUuid() {
    for (String text :
        List.of(
            "",
            "{",
            "a0eebc999c0b4ef8bb6d6bb9bd380a1",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11f",
            "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11}",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
            "a0-eebc999c0b4ef8bb6d6bb9bd380a11",
            " a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "g0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0eebc999c0b4ef8bb6d6bb9bd380aé1")) {
      SingleColumn column = SingleColumn.string("uuid");
      assertThatExceptionOfType(RowEncodingException.class)
          .as(text)
          .isThrownBy(() -> column.binary(StringData.fromString(text)))
          .satisfies(e -> assertThat(e.value()).isEqualTo(text))
          .withMessageContaining("not a UUID");
    }
  }

  @Test
  void theExcerptIsBoundedAndPrintable() {
    RowEncodingException e =
        catchThrowableOfType(
            RowEncodingException.class,
            () ->
                SingleColumn.string("text")
                    .binary(StringData.fromString("\n\u202e\uE000😀" + "x".repeat(5000) + "\0")));

    assertThat(e.value()).startsWith("\\u000a\\u202e\\ue000😀xxx").endsWith("x…").hasSize(80);
  }

  @Test
  void theExcerptOfBytesIsCutBetweenCharacters() {
    byte[] bytes = ("é".repeat(5000) + "\0").getBytes(StandardCharsets.UTF_8);

    RowEncodingException e =
        catchThrowableOfType(
            RowEncodingException.class,
            () -> SingleColumn.string("text").binary(StringData.fromBytes(bytes)));

    assertThat(e.value()).isEqualTo("é".repeat(79) + "…");
  }

  @ParameterizedTest
  @EnumSource
  void aRowLargerThanTheDatabaseTakesNamesTheColumn(CopyFormat format) throws RowEncodingException {
    RowEncoder encoder = SingleColumn.string("text").encoder(format);
    CopyBuffer out = new CopyBuffer(1000);
    encoder.encode(GenericRowData.of(StringData.fromString("x".repeat(990))), out);
    encoder.encode(GenericRowData.of(StringData.fromString("x".repeat(990))), out);
    int before = out.length();

    for (int size : new int[] {1001, 1_000_000}) {
      for (StringData value :
          List.of(
              StringData.fromString("x".repeat(size)),
              StringData.fromBytes("x".repeat(size).getBytes(StandardCharsets.UTF_8)))) {
        assertThatExceptionOfType(RowEncodingException.class)
            .isThrownBy(() -> encoder.encode(GenericRowData.of(value), out))
            .withMessageContaining("larger than 1000 bytes")
            .satisfies(e -> assertThat(e.column()).isEqualTo("c"));
        assertThat(out.length()).isEqualTo(before);
      }
    }
    assertThat(out.array().length).as("memory taken for what is refused").isLessThan(1_000_000);
  }

  private static void refused(SingleColumn column, Object value, String reason) {
    for (CopyFormat format : CopyFormat.values()) {
      assertThatExceptionOfType(RowEncodingException.class)
          .as("%s in %s", value, format)
          .isThrownBy(() -> column.encode(format, value))
          .withMessageContaining(reason)
          .satisfies(e -> assertThat(e.column()).isEqualTo("c"));
    }
  }
}

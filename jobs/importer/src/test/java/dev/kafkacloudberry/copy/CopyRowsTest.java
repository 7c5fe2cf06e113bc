package dev.kafkacloudberry.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Encoded rows, cut apart again and shown to people. */
class CopyRowsTest {

  private static final List<ColumnPair> COLUMNS =
      List.of(
          pair(0, "id", DataTypes.INT(), "int4", "integer"),
          pair(1, "note", DataTypes.STRING(), "text", "text"),
          pair(2, "price", DataTypes.DECIMAL(12, 3), "numeric", "numeric(12,3)"),
          pair(3, "day", DataTypes.DATE(), "date", "date"),
          pair(4, "moment", DataTypes.TIMESTAMP(6), "timestamp", "timestamp(6) without time zone"),
          pair(5, "ok", DataTypes.BOOLEAN(), "bool", "boolean"),
          pair(6, "raw", DataTypes.BYTES(), "bytea", "bytea"),
          pair(7, "many", DataTypes.ARRAY(DataTypes.INT()), "_int4", "integer[]"),
          pair(8, "big", DataTypes.DOUBLE(), "float8", "double precision"));

  private static final RowData FULL =
      GenericRowData.of(
          -7,
          StringData.fromString("tab\tline\nback\\slash \"文\" \\N"),
          DecimalData.fromBigDecimal(new BigDecimal("-12345.670"), 12, 3),
          11_000,
          TimestampData.fromLocalDateTime(LocalDateTime.parse("1999-12-31T23:59:59.123456")),
          true,
          new byte[] {0, (byte) 0xfe},
          new GenericArrayData(new Integer[] {1, null, 3}),
          Double.NaN);

  private static final RowData EMPTY = new GenericRowData(9);

  @ParameterizedTest
  @EnumSource
  void rowsAreCutWhereTheyEnd(CopyFormat format) throws Exception {
    byte[] encoded = encoded(format, FULL, EMPTY, FULL);
    CopyRows rows = new CopyRows(format, new ByteArrayInputStream(encoded));

    CopyRows.Chunk first = rows.next(2, Integer.MAX_VALUE);
    CopyRows.Chunk rest = rows.next(2, Integer.MAX_VALUE);

    assertThat(first.row(0)).isEqualTo(encoded(format, FULL));
    assertThat(first.row(1)).isEqualTo(encoded(format, EMPTY));
    assertThat(rest.count()).isEqualTo(1);
    assertThat(rows.next(2, 10).count()).isZero();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    first.writeTo(out, 1, 2);
    first.writeTo(out, 2, 2);
    rest.writeTo(out, 0, 1);
    assertThat(out.toByteArray()).isEqualTo(encoded(format, EMPTY, FULL));
  }

  @ParameterizedTest
  @EnumSource
  void aChunkEndsAtItsSize(CopyFormat format) throws Exception {
    CopyRows rows =
        new CopyRows(format, new ByteArrayInputStream(encoded(format, FULL, FULL, FULL)));

    assertThat(rows.next(100, 1).count()).isEqualTo(1);
    assertThat(rows.next(100, 1_000_000).count()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void aRowThatIsCutShortIsNoRow(CopyFormat format) {
    byte[] encoded = encoded(format, FULL);
    CopyRows rows =
        new CopyRows(format, new ByteArrayInputStream(Arrays.copyOf(encoded, encoded.length - 1)));

    assertThatThrownBy(() -> rows.next(10, 1_000_000)).isInstanceOf(EOFException.class);
  }

  @Test
  void aBinaryRowIsShownWithItsValues() {
    assertThat(content(CopyFormat.BINARY, FULL))
        .isEqualTo(
            "{\"id\": -7, \"note\": \"tab\\tline\\nback\\\\slash \\\"文\\\" \\\\N\", \"price\":"
                + " -12345.670, \"day\": \"2000-02-13\", \"moment\": \"1999-12-31"
                + " 23:59:59.123456\", \"ok\": true, \"raw\": \"\\\\x00fe\", \"many\": [1, null,"
                + " 3], \"big\": \"NaN\"}");
  }

  @Test
  void aTextRowIsShownWithWhatTheDatabaseReads() {
    assertThat(content(CopyFormat.TEXT, FULL))
        .startsWith(
            "{\"id\": \"-7\", \"note\": \"tab\\tline\\nback\\\\slash \\\"文\\\" \\\\N\","
                + " \"price\": \"-12345.670\", \"day\": \"2000-02-13\"");
  }

  @ParameterizedTest
  @EnumSource
  void nullIsNull(CopyFormat format) {
    assertThat(content(format, EMPTY))
        .startsWith("{\"id\": null, \"note\": null")
        .endsWith("\"big\": null}");
  }

  @Test
  void aRowThatWasNotEncodedIsShownToo() {
    assertThat(RowContent.of(FULL, COLUMNS))
        .isEqualTo(
            "{\"id\": -7, \"note\": \"tab\\tline\\nback\\\\slash \\\"文\\\" \\\\N\", \"price\":"
                + " -12345.670, \"day\": \"2000-02-13\", \"moment\":"
                + " \"1999-12-31T23:59:59.123456\", \"ok\": true, \"raw\": \"\\\\x00fe\","
                + " \"many\": [1, null, 3], \"big\": \"NaN\"}");
  }

  @Test
  void whatTheDatabaseCannotHoldIsEscaped() {
    assertThat(JsonText.string("a\0b\ud800c\uD83D\uDE00"))
        .isEqualTo("\"a\\u0000b\\ud800c\uD83D\uDE00\"");
  }

  private static String content(CopyFormat format, RowData row) {
    return RowContent.of(
        format,
        encoded(format, row),
        COLUMNS.stream().map(pair -> pair.target().name()).toList(),
        COLUMNS.stream().map(pair -> pair.target().displayType()).toList());
  }

  private static byte[] encoded(CopyFormat format, RowData... rows) {
    RowEncoder encoder = RowEncoder.of(COLUMNS, Optional.of(format));
    CopyBuffer buffer = new CopyBuffer();
    for (RowData row : rows) {
      try {
        encoder.encode(row, buffer);
      } catch (RowEncodingException e) {
        throw new IllegalArgumentException(e);
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.length());
  }

  private static ColumnPair pair(
      int index, String name, DataType type, String baseType, String displayType) {
    return new ColumnPair(
        new SourceColumn(name, type.getLogicalType(), index),
        new TargetColumn(name, baseType, displayType));
  }
}

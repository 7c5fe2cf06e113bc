package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.types.DataType;

/** A table of one column {@code c}, to look at how one value is encoded. */
record SingleColumn(DataType type, String baseType, String displayType) {
  static SingleColumn of(DataType type, String baseType) {
    return new SingleColumn(type, baseType, baseType);
  }

  static SingleColumn of(DataType type, String baseType, String displayType) {
    return new SingleColumn(type, baseType, displayType);
  }

  static SingleColumn string(String baseType) {
    return of(DataTypes.STRING(), baseType);
  }

  RowEncoder encoder(CopyFormat format) {
    return RowEncoder.of(List.of(pair()), Optional.of(format));
  }

  Encodings encodings() {
    return ColumnCompatibility.of(pair());
  }

  /** The bytes of the value's field in the binary format, in hex, without the length. */
  String binary(Object value) throws RowEncodingException {
    byte[] row = encode(CopyFormat.BINARY, value);
    byte[] frame = Arrays.copyOf(row, 6);
    byte[] field = Arrays.copyOfRange(row, 6, row.length);
    String expected = "0001%08x".formatted(field.length);
    if (!HexFormat.of().formatHex(frame).equals(expected)) {
      throw new AssertionError("Column count and field length are not " + expected);
    }
    return HexFormat.of().formatHex(field);
  }

  /** The value's field in the text format. */
  String text(Object value) throws RowEncodingException {
    String row = new String(encode(CopyFormat.TEXT, value), UTF_8);
    if (!row.endsWith("\n")) {
      throw new AssertionError("No end of line: " + row);
    }
    return row.substring(0, row.length() - 1);
  }

  byte[] encode(CopyFormat format, Object value) throws RowEncodingException {
    CopyBuffer out = new CopyBuffer();
    encoder(format).encode(GenericRowData.of(value), out);
    return Arrays.copyOf(out.array(), out.length());
  }

  private ColumnPair pair() {
    return new ColumnPair(
        new SourceColumn("c", type.getLogicalType(), 0),
        new TargetColumn("c", baseType, displayType));
  }
}

package dev.kafkacloudberry.copy;

import java.util.HexFormat;
import org.apache.flink.table.data.RowData;

/** Strings and bytes in the text format. */
final class TextStrings {
  private TextStrings() {}

  static void text(RowData row, int index, CopyBuffer out) {
    Utf8.put(out, row.getString(index));
  }

  /** The {@code \x} form of {@code bytea}. */
  static void bytea(RowData row, int index, CopyBuffer out) {
    byte[] value = row.getBinary(index);
    HexFormat hex = HexFormat.of();
    out.putAscii("\\x");
    for (byte b : value) {
      out.putByte(hex.toHighHexDigit(b));
      out.putByte(hex.toLowHexDigit(b));
    }
  }
}

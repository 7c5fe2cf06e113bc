package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;

/** Strings and bytes in the binary format. */
final class BinaryStrings {
  private static final int JSONB_VERSION = 1;

  private BinaryStrings() {}

  static void text(RowData row, int index, CopyBuffer out) {
    int start = out.beginField();
    Utf8.put(out, row.getString(index));
    out.endField(start);
  }

  static void jsonb(RowData row, int index, CopyBuffer out) {
    int start = out.beginField();
    out.putByte(JSONB_VERSION);
    Utf8.put(out, row.getString(index));
    out.endField(start);
  }

  static void uuid(RowData row, int index, CopyBuffer out) {
    int start = out.beginField();
    Utf8.put(out, row.getString(index));
    UuidText.toBytes(out, start);
    out.endField(start);
  }

  static void bytea(RowData row, int index, CopyBuffer out) {
    byte[] value = row.getBinary(index);
    out.putInt(value.length);
    out.putBytes(value);
  }
}

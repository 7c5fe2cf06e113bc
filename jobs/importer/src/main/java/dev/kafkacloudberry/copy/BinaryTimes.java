package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;

/** Dates and times in the binary format. */
final class BinaryTimes {
  private BinaryTimes() {}

  static void date(RowData row, int index, CopyBuffer out) {
    int day = PostgresTime.date(row.getInt(index));
    out.putInt(Integer.BYTES);
    out.putInt(day);
  }

  static void midnight(RowData row, int index, CopyBuffer out) {
    putMicros(out, PostgresTime.midnight(row.getInt(index)));
  }

  static void time(RowData row, int index, CopyBuffer out) {
    putMicros(out, PostgresTime.time(row.getInt(index)));
  }

  /** For {@code timestamp} and {@code timestamptz} alike: each counts its own kind of time. */
  static ColumnEncoder timestamp(int precision) {
    return (row, index, out) ->
        putMicros(out, PostgresTime.timestamp(row.getTimestamp(index, precision)));
  }

  private static void putMicros(CopyBuffer out, long micros) {
    out.putInt(Long.BYTES);
    out.putLong(micros);
  }
}

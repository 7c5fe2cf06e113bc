package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;

/**
 * Dates and times in the text format, in ISO 8601 as the database writes it: {@code 0044-03-15 BC},
 * {@code 10000-01-01}, {@code 2024-02-29 12:34:56.789+00}.
 */
final class TextTimes {
  private static final long MILLIS_PER_DAY = 86_400_000;
  private static final long DAY_OF_0000_03_01 = -719_468;
  private static final long DAYS_PER_400_YEARS = 146_097;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final int NANO_DIGITS = 9;

  private TextTimes() {}

  /** For {@code date}. */
  static void date(RowData row, int index, CopyBuffer out) {
    int epochDay = row.getInt(index);
    PostgresTime.date(epochDay);
    putDate(out, epochDay);
  }

  /** For {@code timestamp}. */
  static void midnight(RowData row, int index, CopyBuffer out) {
    int epochDay = row.getInt(index);
    PostgresTime.midnight(epochDay);
    putDate(out, epochDay);
  }

  /** For text, which holds every date. */
  static void dateAsText(RowData row, int index, CopyBuffer out) {
    putDate(out, row.getInt(index));
  }

  /** For {@code time} and for text. */
  static void time(RowData row, int index, CopyBuffer out) {
    int millisOfDay = row.getInt(index);
    PostgresTime.time(millisOfDay);
    putTime(out, millisOfDay, 0);
  }

  /** For {@code timestamp}, and with the zone {@code +00} for {@code timestamptz}. */
  static ColumnEncoder timestamp(int precision, String zone) {
    return (row, index, out) -> {
      TimestampData value = row.getTimestamp(index, precision);
      PostgresTime.timestamp(value);
      putTimestamp(out, value, zone);
    };
  }

  /** For text, which holds every timestamp, with its nanoseconds. */
  static ColumnEncoder timestampAsText(int precision, String zone) {
    return (row, index, out) -> putTimestamp(out, row.getTimestamp(index, precision), zone);
  }

  private static void putDate(CopyBuffer out, long epochDay) {
    boolean beforeChrist = putCivilDate(out, epochDay);
    putEra(out, beforeChrist);
  }

  private static void putTimestamp(CopyBuffer out, TimestampData value, String zone) {
    long millis = value.getMillisecond();
    boolean beforeChrist = putCivilDate(out, Math.floorDiv(millis, MILLIS_PER_DAY));
    out.putByte(' ');
    putTime(out, Math.floorMod(millis, MILLIS_PER_DAY), value.getNanoOfMillisecond());
    out.putAscii(zone);
    putEra(out, beforeChrist);
  }

  private static void putTime(CopyBuffer out, long millisOfDay, int nanoOfMilli) {
    TextDigits.putPadded(out, millisOfDay / 3_600_000, 2);
    out.putByte(':');
    TextDigits.putPadded(out, millisOfDay / 60_000 % 60, 2);
    out.putByte(':');
    TextDigits.putPadded(out, millisOfDay / 1_000 % 60, 2);
    long nanos = millisOfDay % 1_000 * NANOS_PER_MILLI + nanoOfMilli;
    if (nanos > 0) {
      out.putByte('.');
      int digits = NANO_DIGITS;
      for (; nanos % 10 == 0; nanos /= 10) {
        digits--;
      }
      TextDigits.putPadded(out, nanos, digits);
    }
  }

  /**
   * Appends year, month and day, without the era that the year counts in, and returns whether that
   * is before Christ. Done by hand since {@link java.time.LocalDate} would be an object per value.
   */
  private static boolean putCivilDate(CopyBuffer out, long epochDay) {
    // Years begin in March here, so that the leap day is the last one of a year.
    long day = epochDay - DAY_OF_0000_03_01;
    long cycle = Math.floorDiv(day, DAYS_PER_400_YEARS);
    long dayOfCycle = Math.floorMod(day, DAYS_PER_400_YEARS);
    long leapDays = dayOfCycle / 1_460 - dayOfCycle / 36_524 + dayOfCycle / 146_096;
    long yearOfCycle = (dayOfCycle - leapDays) / 365;
    long dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
    // Five months from March on, and again from August on, have 153 days.
    long monthFromMarch = (5 * dayOfYear + 2) / 153;
    long dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    long month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    long year = 400 * cycle + yearOfCycle + (month <= 2 ? 1 : 0);
    boolean beforeChrist = year <= 0;
    TextDigits.putPadded(out, beforeChrist ? 1 - year : year, 4);
    out.putByte('-');
    TextDigits.putPadded(out, month, 2);
    out.putByte('-');
    TextDigits.putPadded(out, dayOfMonth, 2);
    return beforeChrist;
  }

  private static void putEra(CopyBuffer out, boolean beforeChrist) {
    if (beforeChrist) {
      out.putAscii(" BC");
    }
  }
}

package dev.kafkacloudberry.copy;

import java.time.LocalDate;
import org.apache.flink.table.data.TimestampData;

/**
 * Dates and times as the database counts them: from 2000-01-01, within the range that it holds. The
 * range ends before the numbers that stand for infinity, so no value can turn into one.
 */
final class PostgresTime {
  private static final long MILLIS_PER_DAY = 86_400_000;
  private static final long MICROS_PER_MILLI = 1_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final long EPOCH_DAY = 10_957;
  private static final long EPOCH_MILLIS = EPOCH_DAY * MILLIS_PER_DAY;

  // 4714-11-24 BC is day 0 of the Julian day count, where both types begin. Ends are exclusive.
  private static final long MIN_DAY = -2_451_545;
  private static final long END_OF_DATE = 2_145_031_949;
  private static final long END_OF_TIMESTAMP_DAY = 106_751_983;
  private static final String TIMESTAMP_RANGE = "timestamp, 4714-11-24 BC to 294276-12-31";

  private PostgresTime() {}

  /** Days since 2000-01-01 of days since 1970-01-01. */
  static int date(int epochDay) {
    long day = epochDay - EPOCH_DAY;
    if (day < MIN_DAY || day >= END_OF_DATE) {
      throw outOfRange("date, 4714-11-24 BC to 5874897-12-31", epochDay);
    }
    return (int) day;
  }

  /** Microseconds since 2000-01-01 of the midnight that a day begins with. */
  static long midnight(int epochDay) {
    long day = epochDay - EPOCH_DAY;
    if (day < MIN_DAY || day >= END_OF_TIMESTAMP_DAY) {
      throw outOfRange(TIMESTAMP_RANGE, epochDay);
    }
    return day * MILLIS_PER_DAY * MICROS_PER_MILLI;
  }

  /** Microseconds since midnight of milliseconds since midnight. */
  static long time(int millisOfDay) {
    if (millisOfDay < 0 || millisOfDay >= MILLIS_PER_DAY) {
      throw new InvalidValueException(
          "the value is out of range for time, in milliseconds of a day",
          Integer.toString(millisOfDay));
    }
    return millisOfDay * MICROS_PER_MILLI;
  }

  /** Microseconds since 2000-01-01. */
  static long timestamp(TimestampData value) {
    // Compared before it is multiplied: near the ends of a long that would overflow.
    long epochMillis = value.getMillisecond();
    if (epochMillis < MIN_DAY * MILLIS_PER_DAY + EPOCH_MILLIS
        || epochMillis >= END_OF_TIMESTAMP_DAY * MILLIS_PER_DAY + EPOCH_MILLIS) {
      throw new InvalidValueException(
          "the value is out of range for " + TIMESTAMP_RANGE,
          epochMillis + " milliseconds since 1970-01-01");
    }
    int nanos = value.getNanoOfMillisecond();
    if (nanos % NANOS_PER_MICRO != 0) {
      throw new InvalidValueException(
          "the database holds microseconds and would cut the rest; CAST(... AS TIMESTAMP(6)), or"
              + " TIMESTAMP_LTZ(6), cuts it in the query",
          value.toString());
    }
    return (epochMillis - EPOCH_MILLIS) * MICROS_PER_MILLI + nanos / NANOS_PER_MICRO;
  }

  private static InvalidValueException outOfRange(String range, int epochDay) {
    return new InvalidValueException(
        "the value is out of range for " + range, LocalDate.ofEpochDay(epochDay).toString());
  }
}

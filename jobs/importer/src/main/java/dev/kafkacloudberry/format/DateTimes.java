package dev.kafkacloudberry.format;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.apache.flink.table.data.TimestampData;

/**
 * Days, times and timestamps as numbers, within the range that PostgreSQL has for them and rounded
 * as it rounds.
 */
final class DateTimes {
  static final long NANOS_PER_SECOND = 1_000_000_000;
  static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

  private static final int[] DAYS_BEFORE_MONTH = {
    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
  };
  private static final long DAY_OF_0000_01_01 = -719_528;

  // PostgreSQL counts from 2000-01-01. 4714-11-24 BC is where both types begin; ends are exclusive.
  private static final long EPOCH_DAY = 10_957;
  private static final long EPOCH_MILLIS = EPOCH_DAY * 86_400_000;
  private static final long MIN_DAY = -2_451_545;
  private static final long END_OF_DATE = 2_145_031_949;
  private static final long END_OF_TIMESTAMP_DAY = 106_751_983;
  private static final long MICROS_PER_DAY = NANOS_PER_DAY / 1_000;
  private static final int MICRO_DIGITS = 6;
  private static final int NANO_DIGITS = 9;

  private DateTimes() {}

  static boolean isDate(long year, int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  }

  /** Days since 1970-01-01, in the calendar in which year 0 is 1 BC. */
  static long epochDay(long year, int month, int day) {
    // The last one whose February is over.
    long last = month > 2 ? year : year - 1;
    long leapDays =
        Math.floorDiv(last, 4L) - Math.floorDiv(last, 100L) + Math.floorDiv(last, 400L) + 1;
    return DAY_OF_0000_01_01 + 365 * year + leapDays + DAYS_BEFORE_MONTH[month - 1] + day - 1;
  }

  /** Whether a day is one of PostgreSQL's. */
  static boolean isInRange(long epochDay) {
    return epochDay - EPOCH_DAY >= MIN_DAY && epochDay - EPOCH_DAY < END_OF_DATE;
  }

  /** A time of day, rounded; {@link #NANOS_PER_DAY} when that makes it midnight. */
  static long round(long nanoOfDay, int precision) {
    long unit = pow10(NANO_DIGITS - precision);
    return (nanoOfDay + unit / 2) / unit * unit;
  }

  /**
   * @return null if it is out of range
   */
  static TimestampData timestamp(long epochDay, long nanoOfDay, int precision) {
    return timestamp(epochDay, nanoOfDay, precision, 0);
  }

  /**
   * @param offsetSeconds east of UTC
   * @return null if it is out of range
   */
  static TimestampData timestamp(long epochDay, long nanoOfDay, int precision, long offsetSeconds) {
    long day = epochDay - EPOCH_DAY;
    if (day < MIN_DAY - 1 || day > END_OF_TIMESTAMP_DAY) {
      return null;
    }
    long micros = day * MICROS_PER_DAY + nanoOfDay / 1_000 - offsetSeconds * 1_000_000;
    long nanos = nanoOfDay % 1_000;
    if (precision < MICRO_DIGITS) {
      long unit = pow10(MICRO_DIGITS - precision);
      // Away from PostgreSQL's epoch at the middle, as it does.
      micros =
          micros >= 0 ? (micros + unit / 2) / unit * unit : -((-micros + unit / 2) / unit * unit);
    } else if (nanos != 0) {
      nanos = round(nanos, precision);
    }
    if (micros < MIN_DAY * MICROS_PER_DAY || micros >= END_OF_TIMESTAMP_DAY * MICROS_PER_DAY) {
      return null;
    }
    long millis = Math.floorDiv(micros, 1_000L) + EPOCH_MILLIS;
    long nanoOfMilli = Math.floorMod(micros, 1_000L) * 1_000 + nanos;
    return nanoOfMilli == 1_000_000
        ? TimestampData.fromEpochMillis(millis + 1)
        : TimestampData.fromEpochMillis(millis, (int) nanoOfMilli);
  }

  /** Seconds east of UTC; a time that comes twice when clocks go back is the second one. */
  static long offset(ZoneId zone, long epochDay, long nanoOfDay) {
    ZoneRules rules = zone.getRules();
    if (rules.isFixedOffset()) {
      return rules.getOffset(Instant.EPOCH).getTotalSeconds();
    }
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            epochDay * 86_400 + nanoOfDay / NANOS_PER_SECOND, 0, ZoneOffset.UTC);
    ZoneOffsetTransition transition = rules.getTransition(local);
    ZoneOffset offset =
        transition != null && transition.isOverlap()
            ? transition.getOffsetAfter()
            : rules.getOffset(local);
    return offset.getTotalSeconds();
  }

  private static int daysOf(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  private static boolean isLeap(long year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static long pow10(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }
}

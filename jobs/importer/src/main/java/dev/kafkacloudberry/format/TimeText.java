package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;
import org.apache.flink.table.data.TimestampData;

/**
 * Dates, times and timestamps. {@code 2024-01-31} and {@code 2024-01-31 12:34:56.123456}, with a
 * space or a T, are read in place; every other way of writing is {@link DateTimeParser}'s.
 */
final class TimeText {
  private static final int DATE_LENGTH = "2024-01-31".length();
  private static final int SHORTEST_TIME = "12:34".length();
  private static final int WHOLE_SECONDS = "12:34:56".length();
  private static final int MILLI_DIGITS = 3;
  private static final int MICRO_DIGITS = 6;
  private static final int NANO_DIGITS = 9;

  /** Of a text that is not written as it is read in place. */
  private static final long OTHERWISE = Long.MIN_VALUE;

  /** Of a text that is, and says what does not exist. */
  private static final long NONE_SUCH = Long.MIN_VALUE + 1;

  private TimeText() {}

  static ValueReader date(ReadingRules rules) {
    return (text, start, end) -> {
      long day = end - start == DATE_LENGTH ? day(text, start) : OTHERWISE;
      if (day != OTHERWISE) {
        return (int) existingDay(day, text, start, end, "DATE");
      }
      DateTimeParser parsed = parse(text, start, end, rules, 0, "DATE");
      if (!parsed.hasDate() || !DateTimes.isInRange(parsed.epochDay())) {
        throw invalid(text, start, end, "DATE");
      }
      return (int) parsed.epochDay();
    };
  }

  /** Milliseconds of the day. */
  static ValueReader time(int precision, ReadingRules rules) {
    return (text, start, end) -> {
      long nanoOfDay = time(text, start, end);
      if (nanoOfDay != OTHERWISE) {
        existingTime(nanoOfDay, text, start, end, "TIME");
      } else {
        DateTimeParser parsed = parse(text, start, end, rules, precision, "TIME");
        if (parsed.nanoOfDay().isEmpty() || parsed.saysMoreThanTime()) {
          throw invalid(text, start, end, "TIME");
        }
        nanoOfDay = parsed.nanoOfDay().get();
      }
      // Flink keeps milliseconds, whatever the precision.
      long rounded = DateTimes.round(nanoOfDay, Math.min(precision, MILLI_DIGITS));
      if (rounded >= DateTimes.NANOS_PER_DAY) {
        throw InvalidTextException.of(
            text, start, end, "is out of range for TIME, which ends before 24:00");
      }
      return (int) (rounded / 1_000_000);
    };
  }

  /** A zone in the text is dropped, as PostgreSQL drops it. */
  static ValueReader timestamp(int precision, ReadingRules rules) {
    return (text, start, end) -> {
      TimestampData value;
      long day = dayBeforeTime(text, start, end);
      long time = timeBehind(day, text, start, end);
      if (time != OTHERWISE) {
        value =
            DateTimes.timestamp(
                existingDay(day, text, start, end, "TIMESTAMP"),
                existingTime(time, text, start, end, "TIMESTAMP"),
                precision);
      } else {
        DateTimeParser parsed = parseTimestamp(text, start, end, rules, precision, "TIMESTAMP");
        value = DateTimes.timestamp(parsed.epochDay(), parsed.nanoOfDay().orElse(0L), precision);
      }
      return inRange(value, text, start, end, "TIMESTAMP");
    };
  }

  /** A text without a zone is in that of the rules. */
  static ValueReader timestampWithLocalZone(int precision, ReadingRules rules) {
    return (text, start, end) -> {
      long day = dayBeforeTime(text, start, end);
      long time = timeBehind(day, text, start, end);
      Optional<Long> offset = Optional.empty();
      if (time != OTHERWISE) {
        existingDay(day, text, start, end, "TIMESTAMP_LTZ");
        existingTime(time, text, start, end, "TIMESTAMP_LTZ");
      } else {
        DateTimeParser parsed = parseTimestamp(text, start, end, rules, precision, "TIMESTAMP_LTZ");
        day = parsed.epochDay();
        time = parsed.nanoOfDay().orElse(0L);
        offset = parsed.offsetSeconds();
      }
      long seconds = offset.isPresent() ? offset.get() : DateTimes.offset(rules.zone(), day, time);
      return inRange(
          DateTimes.timestamp(day, time, precision, seconds), text, start, end, "TIMESTAMP_LTZ");
    };
  }

  private static Object inRange(TimestampData value, byte[] text, int start, int end, String type) {
    if (value == null) {
      throw InvalidTextException.of(text, start, end, "is out of range for " + type);
    }
    return value;
  }

  private static DateTimeParser parseTimestamp(
      byte[] text, int start, int end, ReadingRules rules, int precision, String type) {
    DateTimeParser parsed = parse(text, start, end, rules, precision, type);
    if (!parsed.hasDate()) {
      throw invalid(text, start, end, type);
    }
    return parsed;
  }

  private static DateTimeParser parse(
      byte[] text, int start, int end, ReadingRules rules, int precision, String type) {
    try {
      return DateTimeParser.parse(
          new String(text, start, end - start, ISO_8859_1), rules.dateOrder(), precision);
    } catch (InvalidTextException e) {
      throw InvalidTextException.of(text, start, end, "is not a " + type + ": " + e.getMessage());
    }
  }

  private static InvalidTextException invalid(byte[] text, int start, int end, String type) {
    return InvalidTextException.of(text, start, end, "is not a " + type);
  }

  /** The day of a date that a blank or a T and a time follow, or {@link #OTHERWISE}. */
  private static long dayBeforeTime(byte[] text, int start, int end) {
    int time = start + DATE_LENGTH + 1;
    return end - time >= SHORTEST_TIME && (text[time - 1] == ' ' || text[time - 1] == 'T')
        ? day(text, start)
        : OTHERWISE;
  }

  private static long timeBehind(long day, byte[] text, int start, int end) {
    return day == OTHERWISE ? OTHERWISE : time(text, start + DATE_LENGTH + 1, end);
  }

  /** The day of {@code 2024-01-31}, or {@link #OTHERWISE} if it is written in another way. */
  private static long day(byte[] text, int at) {
    int year = digits(text, at, 4);
    int month = digits(text, at + 5, 2);
    int day = digits(text, at + 8, 2);
    if ((year | month | day) < 0 || text[at + 4] != '-' || text[at + 7] != '-') {
      return OTHERWISE;
    }
    return year == 0 || !DateTimes.isDate(year, month, day)
        ? NONE_SUCH
        : DateTimes.epochDay(year, month, day);
  }

  /**
   * The nanosecond of the day of {@code 12:34}, {@code 12:34:56} and {@code 12:34:56.123456}, or
   * {@link #OTHERWISE}.
   */
  private static long time(byte[] text, int at, int end) {
    int length = end - at;
    if (length < SHORTEST_TIME || length > SHORTEST_TIME && length < WHOLE_SECONDS) {
      return OTHERWISE;
    }
    int hour = digits(text, at, 2);
    int minute = digits(text, at + 3, 2);
    int second = 0;
    long nanos = 0;
    boolean isSo = text[at + 2] == ':';
    if (length > SHORTEST_TIME) {
      second = digits(text, at + 6, 2);
      isSo &= text[at + 5] == ':';
    }
    if (length > WHOLE_SECONDS) {
      nanos = fraction(text, at + WHOLE_SECONDS, end);
    }
    if (!isSo || (hour | minute | second | nanos) < 0) {
      return OTHERWISE;
    }
    return DateTimeParser.isTime(hour, minute, second, nanos)
        ? ((hour * 60L + minute) * 60 + second) * DateTimes.NANOS_PER_SECOND + nanos
        : NONE_SUCH;
  }

  /** The nanoseconds of {@code .123456}, negative if it is something else. */
  private static long fraction(byte[] text, int point, int end) {
    int count = end - point - 1;
    if (text[point] != '.' || count < 1 || count > MICRO_DIGITS) {
      return OTHERWISE;
    }
    long nanos = digits(text, point + 1, count);
    for (; count < NANO_DIGITS; count++) {
      nanos *= 10;
    }
    return nanos;
  }

  /** The number that so many digits are, negative if not all of them are digits. */
  private static int digits(byte[] text, int start, int count) {
    int number = 0;
    for (int i = start; i < start + count; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static long existingDay(long day, byte[] text, int start, int end, String type) {
    if (day == NONE_SUCH) {
      throw InvalidTextException.of(
          text, start, end, "is not a " + type + ": there is no such day");
    }
    return day;
  }

  private static long existingTime(long time, byte[] text, int start, int end, String type) {
    if (time == NONE_SUCH) {
      throw InvalidTextException.of(
          text, start, end, "is not a " + type + ": there is no such time of day");
    }
    return time;
  }
}

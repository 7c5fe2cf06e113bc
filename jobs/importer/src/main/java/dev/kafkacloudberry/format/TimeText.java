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

  private TimeText() {}

  static ValueReader date(ReadingRules rules) {
    return (text, start, end) -> {
      if (end - start == DATE_LENGTH && isDate(text, start)) {
        return (int) epochDay(text, start, start, end, "DATE");
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
      long nanoOfDay;
      if (isTime(text, start, end)) {
        nanoOfDay = nanoOfDay(text, start, start, end, "TIME");
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
      if (isDateAndTime(text, start, end)) {
        value =
            DateTimes.timestamp(
                epochDay(text, start, start, end, "TIMESTAMP"),
                nanoOfDay(text, start + DATE_LENGTH + 1, start, end, "TIMESTAMP"),
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
      long epochDay;
      long nanoOfDay;
      Optional<Long> offset = Optional.empty();
      if (isDateAndTime(text, start, end)) {
        epochDay = epochDay(text, start, start, end, "TIMESTAMP_LTZ");
        nanoOfDay = nanoOfDay(text, start + DATE_LENGTH + 1, start, end, "TIMESTAMP_LTZ");
      } else {
        DateTimeParser parsed = parseTimestamp(text, start, end, rules, precision, "TIMESTAMP_LTZ");
        epochDay = parsed.epochDay();
        nanoOfDay = parsed.nanoOfDay().orElse(0L);
        offset = parsed.offsetSeconds();
      }
      long seconds =
          offset.isPresent() ? offset.get() : DateTimes.offset(rules.zone(), epochDay, nanoOfDay);
      return inRange(
          DateTimes.timestamp(epochDay, nanoOfDay, precision, seconds),
          text,
          start,
          end,
          "TIMESTAMP_LTZ");
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

  private static boolean isDateAndTime(byte[] text, int start, int end) {
    int time = start + DATE_LENGTH + 1;
    return end - time >= SHORTEST_TIME
        && isDate(text, start)
        && (text[time - 1] == ' ' || text[time - 1] == 'T')
        && isTime(text, time, end);
  }

  private static boolean isDate(byte[] text, int start) {
    return isDigits(text, start, 4)
        && text[start + 4] == '-'
        && isDigits(text, start + 5, 2)
        && text[start + 7] == '-'
        && isDigits(text, start + 8, 2);
  }

  private static boolean isTime(byte[] text, int start, int end) {
    int length = end - start;
    if (length < SHORTEST_TIME || !isDigits(text, start, 2) || text[start + 2] != ':') {
      return false;
    }
    if (length == SHORTEST_TIME) {
      return isDigits(text, start + 3, 2);
    }
    return length >= WHOLE_SECONDS
        && isDigits(text, start + 3, 2)
        && text[start + 5] == ':'
        && isDigits(text, start + 6, 2)
        && (length == WHOLE_SECONDS
            || text[start + WHOLE_SECONDS] == '.'
                && length > WHOLE_SECONDS + 1
                && length <= WHOLE_SECONDS + 1 + MICRO_DIGITS
                && isDigits(text, start + WHOLE_SECONDS + 1, length - WHOLE_SECONDS - 1));
  }

  private static boolean isDigits(byte[] text, int start, int count) {
    for (int i = start; i < start + count; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] text, int start, int count) {
    int number = 0;
    for (int i = start; i < start + count; i++) {
      number = 10 * number + text[i] - '0';
    }
    return number;
  }

  private static long epochDay(byte[] text, int at, int start, int end, String type) {
    int year = number(text, at, 4);
    int month = number(text, at + 5, 2);
    int day = number(text, at + 8, 2);
    if (year == 0 || !DateTimes.isDate(year, month, day)) {
      throw InvalidTextException.of(
          text, start, end, "is not a " + type + ": there is no such day");
    }
    return DateTimes.epochDay(year, month, day);
  }

  private static long nanoOfDay(byte[] text, int at, int start, int end, String type) {
    int length = end - at;
    int hour = number(text, at, 2);
    int minute = number(text, at + 3, 2);
    int second = length > SHORTEST_TIME ? number(text, at + 6, 2) : 0;
    long nanos = 0;
    if (length > WHOLE_SECONDS) {
      int digits = length - WHOLE_SECONDS - 1;
      nanos = number(text, at + WHOLE_SECONDS + 1, digits);
      for (; digits < NANO_DIGITS; digits++) {
        nanos *= 10;
      }
    }
    if (!DateTimeParser.isTime(hour, minute, second, nanos)) {
      throw InvalidTextException.of(
          text, start, end, "is not a " + type + ": there is no such time of day");
    }
    return ((hour * 60L + minute) * 60 + second) * DateTimes.NANOS_PER_SECOND + nanos;
  }
}

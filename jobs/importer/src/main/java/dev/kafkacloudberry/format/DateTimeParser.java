package dev.kafkacloudberry.format;

import static java.util.Locale.ROOT;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Dates and times in the many ways of writing that PostgreSQL reads: {@code 01/31/2024}, {@code Thu
 * Jan 01 01:31:00 2015}, {@code 31-Jan-2024 1:05 PM +08:00}, {@code 20240131T123456}, {@code
 * 0044-03-15 BC}. Not those that mean another moment each day, like {@code now}, and no zones by
 * name.
 */
final class DateTimeParser {

  private static final Pattern TOKEN =
      Pattern.compile(
          """
          (?<time>\\d+:[\\d:.]*)\
          |(?<date>\\d+(?<between>[-/.])(?:\\d(?:\\d|\\k<between>)*\
          |\\p{Alpha}(?:\\p{Alnum}|\\k<between>)*)\
          |\\p{Alpha}{3,}[-/.]\\d[\\d./-]*(?![+:\\w]))\
          |(?<number>\\d+)\
          |(?<zone>[+-]\\d[\\d:]*)\
          |(?<word>\\p{Alpha}+(?![-/.])(?<zoned>(?=[+\\d]))?)\
          |(?<blank>[\\s,]+)""");
  private static final Pattern TIME =
      Pattern.compile("(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d+))?)?");
  private static final Pattern RUN_TOGETHER_TIME = Pattern.compile("(\\d\\d)(\\d\\d)(\\d\\d)?()");
  private static final Pattern ZONE =
      Pattern.compile("([+-])(?:(\\d{1,2})|(\\d{1,2})(\\d\\d)|(\\d{1,2}):(\\d\\d)(?::(\\d\\d))?)");

  private static final int LONGEST = 128;
  private static final int LONGEST_OFFSET = 16 * 3600;

  private final int precision;
  private final DateFields date;

  private Optional<String> weekday = Optional.empty();
  private Optional<String> era = Optional.empty();
  private Optional<String> half = Optional.empty();
  private Optional<Long> nanoOfDay = Optional.empty();
  private Optional<Long> offset = Optional.empty();
  private boolean timeFollows;
  private long epochDay;

  private DateTimeParser(DateOrder order, int precision) {
    this.precision = precision;
    this.date = new DateFields(order);
  }

  /**
   * @param precision to read fractions of a second with; above 6 they are nanoseconds
   * @throws InvalidTextException with the reason alone
   */
  static DateTimeParser parse(String text, DateOrder order, int precision) {
    DateTimeParser parser = new DateTimeParser(order, precision);
    if (text.length() > LONGEST) {
      throw new InvalidTextException("it is too long for one");
    }
    Matcher tokens = TOKEN.matcher(text);
    int position = 0;
    while (position < text.length()) {
      if (!tokens.region(position, text.length()).lookingAt()) {
        throw new InvalidTextException("it is not written as one");
      }
      parser.add(tokens);
      position = tokens.end();
    }
    parser.finish();
    return parser;
  }

  /** Whether there is such a time; 24:00:00 and the second 60 are. */
  static boolean isTime(int hour, int minute, int second, long nanos) {
    return hour < 24 && minute < 60 && second <= 60
        || hour == 24 && minute == 0 && second == 0 && nanos == 0;
  }

  boolean hasDate() {
    return date.isComplete();
  }

  /** Whether it is more than a time of day with a date before it. */
  boolean saysMoreThanTime() {
    return era.isPresent() || half.isPresent() && hasDate();
  }

  long epochDay() {
    return epochDay;
  }

  Optional<Long> nanoOfDay() {
    return nanoOfDay;
  }

  /** Seconds east of UTC. */
  Optional<Long> offsetSeconds() {
    return offset;
  }

  private void add(Matcher token) {
    if (token.group("blank") != null) {
      return;
    }
    boolean isTime = timeFollows;
    timeFollows = false;
    if (token.group("time") != null) {
      time(TIME.matcher(token.group("time")));
    } else if (isTime) {
      time(RUN_TOGETHER_TIME.matcher(token.group()));
    } else if (token.group("date") != null) {
      date(token.group("date"));
    } else if (token.group("number") != null) {
      number(token.group("number"));
    } else if (token.group("zone") != null) {
      zone(token.group("zone"));
    } else {
      String word = token.group("word").toLowerCase(ROOT);
      if (DateTimeNames.UTC.contains(word) && token.group("zoned") != null) {
        throw new InvalidTextException("it holds what may be a zone by name");
      }
      word(word);
    }
  }

  private void word(String word) {
    if (DateTimeNames.MONTHS.containsKey(word)) {
      date.month(DateTimeNames.MONTHS.get(word));
    } else if (DateTimeNames.HALVES.contains(word)) {
      half = once(half, word);
    } else if (DateTimeNames.ERAS.contains(word)) {
      era = once(era, word);
    } else if (DateTimeNames.UTC.contains(word)) {
      offset = once(offset, 0L);
    } else if (DateTimeNames.WEEKDAYS.contains(word)) {
      weekday = once(weekday, word);
    } else if (word.equals("t") && date.isComplete() && nanoOfDay.isEmpty()) {
      timeFollows = true;
    } else {
      throw new InvalidTextException("it holds an unknown word");
    }
  }

  /** A month's name says more than any place, so it comes first. */
  private void date(String token) {
    if (!date.isEmpty() || Stream.of(weekday, era, half, nanoOfDay).anyMatch(Optional::isPresent)) {
      throw new InvalidTextException("such a date stands first, and once");
    }
    List<String> numbers = new ArrayList<>();
    for (String field : token.split("[-/.]", -1)) {
      if (!field.isEmpty() && Character.isLetter(field.charAt(0))) {
        word(field.toLowerCase(ROOT));
      } else {
        numbers.add(field);
      }
    }
    numbers.forEach(date::number);
    if (!date.isComplete()) {
      throw new InvalidTextException("a date has a year, a month and a day");
    }
  }

  private void number(String digits) {
    if (digits.length() == "20240131".length() && date.isEmpty()) {
      date.runTogether(digits);
    } else if (digits.length() == "123456".length() && date.isComplete() && nanoOfDay.isEmpty()) {
      time(RUN_TOGETHER_TIME.matcher(digits));
    } else if (digits.length() <= "2024".length()) {
      date.number(digits);
    } else {
      throw new InvalidTextException("it holds a number that is neither a date nor a time");
    }
  }

  private void time(Matcher time) {
    if (!time.matches()) {
      throw new InvalidTextException("it holds what is not a time of day");
    }
    int hour = Integer.parseInt(time.group(1));
    int minute = Integer.parseInt(time.group(2));
    int second = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
    long nanos = time.group(4) == null || time.group(4).isEmpty() ? 0 : nanos(time.group(4));
    if (!isTime(hour, minute, second, nanos)) {
      throw new InvalidTextException("there is no such time of day");
    }
    nanoOfDay =
        once(nanoOfDay, ((hour * 60L + minute) * 60 + second) * DateTimes.NANOS_PER_SECOND + nanos);
  }

  private long nanos(String fraction) {
    // PostgreSQL's own arithmetic, so that what lies in the middle is rounded as it rounds.
    return precision > 6
        ? Math.round(Double.parseDouble("0." + fraction) * 1e9)
        : (long) Math.rint(Double.parseDouble("0." + fraction) * 1e6) * 1_000;
  }

  private void zone(String token) {
    Matcher zone = ZONE.matcher(token);
    if (!zone.matches() || nanoOfDay.isEmpty() && !date.isComplete()) {
      throw new InvalidTextException("it holds what is not an offset from UTC");
    }
    int hours = number(zone, 2) + number(zone, 3) + number(zone, 5);
    int minutes = number(zone, 4) + number(zone, 6);
    int seconds = number(zone, 7);
    long value = (hours * 60L + minutes) * 60 + seconds;
    if (minutes >= 60 || seconds >= 60 || value >= LONGEST_OFFSET) {
      throw new InvalidTextException("it holds what is not an offset from UTC");
    }
    offset = once(offset, zone.group(1).equals("-") ? -value : value);
  }

  private void finish() {
    if (timeFollows) {
      throw new InvalidTextException("no time follows the T");
    }
    half.ifPresent(this::half);
    if (!date.isEmpty() || weekday.isPresent() || era.isPresent()) {
      epochDay = date.epochDay(era.filter("bc"::equals).isPresent());
    }
  }

  private void half(String amOrPm) {
    long noon = DateTimes.NANOS_PER_DAY / 2;
    long time =
        nanoOfDay.orElseThrow(() -> new InvalidTextException("there is no time for " + amOrPm));
    long hour = DateTimes.NANOS_PER_DAY / 24;
    if (time / hour > 12) {
      throw new InvalidTextException("there is no such time of day");
    }
    long fromTwelve = time >= noon ? time - noon : time;
    nanoOfDay = Optional.of(amOrPm.equals("pm") ? fromTwelve + noon : fromTwelve);
  }

  private static <T> Optional<T> once(Optional<T> before, T value) {
    if (before.isPresent()) {
      throw new InvalidTextException("it says the same thing twice");
    }
    return Optional.of(value);
  }

  private static int number(Matcher matcher, int group) {
    return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
  }
}

package dev.kafkacloudberry.format;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Year, month and day as they turn up in a text. What a number is follows from how many digits it
 * has, from what came before it, and from the order of dates.
 */
final class DateFields {

  private final DateOrder order;

  private Optional<Integer> year = Optional.empty();
  private Optional<Integer> month = Optional.empty();
  private Optional<Integer> day = Optional.empty();
  private boolean monthIsWord;
  private boolean yearIsShort;

  DateFields(DateOrder order) {
    this.order = order;
  }

  boolean isEmpty() {
    return Stream.of(year, month, day).allMatch(Optional::isEmpty);
  }

  boolean isComplete() {
    return Stream.of(year, month, day).allMatch(Optional::isPresent);
  }

  /** Takes a month by its name. */
  void month(int number) {
    if (month.isPresent() && !monthIsWord && day.isEmpty()) {
      // What was taken for the month was the day.
      day = month;
      month = Optional.empty();
    }
    if (month.isPresent()) {
      throw new InvalidTextException("there are two months");
    }
    month = Optional.of(number);
    monthIsWord = true;
  }

  /** Takes a date like 20240131. */
  void runTogether(String digits) {
    year(Integer.parseInt(digits.substring(0, 4)), digits.substring(0, 4));
    month = Optional.of(Integer.valueOf(digits.substring(4, 6)));
    day = Optional.of(Integer.valueOf(digits.substring(6)));
  }

  /** Takes a year, a month or a day. */
  void number(String digits) {
    if (!digits.matches("\\d{1,7}") || isComplete()) {
      throw new InvalidTextException("a date has a year, a month and a day");
    }
    int value = Integer.parseInt(digits);
    boolean looksLikeYear = digits.length() > 2;
    boolean yearComesFirst = looksLikeYear || order == DateOrder.YMD;
    if (monthIsWord) {
      besideWord(value, digits, looksLikeYear, yearComesFirst);
    } else if (isEmpty() && yearComesFirst) {
      year(value, digits);
    } else if (isEmpty() && order == DateOrder.DMY) {
      day = Optional.of(value);
    } else if (month.isEmpty()) {
      if (looksLikeYear && year.isPresent()) {
        throw new InvalidTextException("a month has two digits");
      }
      month = Optional.of(value);
    } else if (day.isEmpty()) {
      day = Optional.of(value);
    } else {
      year(value, digits);
    }
  }

  private void besideWord(int value, String digits, boolean looksLikeYear, boolean yearComesFirst) {
    if (day.isPresent() || year.isEmpty() && yearComesFirst) {
      year(value, digits);
    } else if (year.isPresent() && yearIsShort && looksLikeYear) {
      // In the order YMD: what was taken for the year was the day.
      day = year;
      year(value, digits);
    } else {
      day = Optional.of(value);
    }
  }

  private void year(int value, String digits) {
    year = Optional.of(value);
    yearIsShort = digits.length() <= 2;
  }

  /**
   * Days since 1970-01-01.
   *
   * @throws InvalidTextException if there is no such day
   */
  long epochDay(boolean beforeChrist) {
    if (!isComplete()) {
      throw new InvalidTextException("a date has a year, a month and a day");
    }
    int number = year.get();
    boolean exists = number > 0;
    if (beforeChrist) {
      number = 1 - number;
    } else if (yearIsShort) {
      number += number < 70 ? 2000 : 1900;
      exists = true;
    }
    if (!exists || !DateTimes.isDate(number, month.get(), day.get())) {
      throw new InvalidTextException("there is no such day");
    }
    return DateTimes.epochDay(number, month.get(), day.get());
  }
}

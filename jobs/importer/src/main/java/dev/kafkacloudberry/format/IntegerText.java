package dev.kafkacloudberry.format;

/** Whole numbers. */
final class IntegerText {

  private IntegerText() {}

  static Byte tinyint(byte[] text, int start, int end) {
    return (byte) read(text, start, end, Byte.MIN_VALUE, Byte.MAX_VALUE, "TINYINT");
  }

  static Short smallint(byte[] text, int start, int end) {
    return (short) read(text, start, end, Short.MIN_VALUE, Short.MAX_VALUE, "SMALLINT");
  }

  static Integer integer(byte[] text, int start, int end) {
    return (int) read(text, start, end, Integer.MIN_VALUE, Integer.MAX_VALUE, "INT");
  }

  static Long bigint(byte[] text, int start, int end) {
    return read(text, start, end, Long.MIN_VALUE, Long.MAX_VALUE, "BIGINT");
  }

  private static long read(byte[] text, int start, int end, long min, long max, String type) {
    int i = Blanks.skip(text, start, end);
    int last = Blanks.trim(text, i, end);
    boolean negative = i < last && text[i] == '-';
    if (negative || i < last && text[i] == '+') {
      i++;
    }
    if (i == last) {
      throw InvalidTextException.of(text, start, end, "is not an integer");
    }
    // Negative numbers reach further than positive ones, so every number is made one.
    long value = 0;
    boolean fits = true;
    for (; i < last; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        throw InvalidTextException.of(text, start, end, "is not an integer");
      }
      fits &= value >= (Long.MIN_VALUE + digit) / 10;
      value = 10 * value - digit;
    }
    if (!fits || (negative ? value < min : value < -max)) {
      throw InvalidTextException.of(
          text, start, end, "is out of range for %s, %d to %d".formatted(type, min, max));
    }
    return negative ? value : -value;
  }
}

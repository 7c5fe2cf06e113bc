package dev.kafkacloudberry.copy;

/** Whole and decimal numbers as decimal digits, written in place. */
final class TextDigits {
  // The digits of a long, and a sign, a zero and a point; or the digits of a scale up to 18.
  private static final int MAX_CHARS = 24;

  private TextDigits() {}

  static void put(CopyBuffer out, long value) {
    put(out, value, 0);
  }

  /** Appends {@code unscaled} with the last {@code scale} digits, up to 18, behind a point. */
  static void put(CopyBuffer out, long unscaled, int scale) {
    out.reserve(MAX_CHARS);
    // Negative numbers reach further than positive ones, so every number is made one.
    long rest = unscaled < 0 ? unscaled : -unscaled;
    int digits = Math.max(count(rest), scale + 1);
    if (unscaled < 0) {
      out.putByte('-');
    }
    byte[] bytes = out.array();
    int end = out.length() + digits + (scale > 0 ? 1 : 0);
    int position = end;
    for (int i = 0; i < digits; i++) {
      if (i == scale && scale > 0) {
        bytes[--position] = '.';
      }
      bytes[--position] = (byte) ('0' - rest % 10);
      rest /= 10;
    }
    out.length(end);
  }

  /** Appends a number that is not negative with at least {@code width} digits. */
  static void putPadded(CopyBuffer out, long value, int width) {
    for (int missing = width - count(-value); missing > 0; missing--) {
      out.putByte('0');
    }
    put(out, value);
  }

  private static int count(long negative) {
    int digits = 1;
    for (long rest = negative; rest <= -10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}

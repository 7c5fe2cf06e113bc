package dev.kafkacloudberry.copy;

import dev.kafkacloudberry.text.Excerpt;

/**
 * The text forms of a UUID that the database reads: 32 hexadecimal digits of either case, with a
 * hyphen after any group of four, with or without braces around it all.
 */
final class UuidText {
  private static final int BYTES = 16;
  private static final int HEX = 16;

  private UuidText() {}

  /**
   * Replaces the text from {@code start} to the buffer's end by its 16 bytes.
   *
   * @throws InvalidValueException if the text is not a UUID
   */
  static void toBytes(CopyBuffer out, int start) {
    byte[] text = out.array();
    int end = out.length();
    boolean braced = start < end && text[start] == '{';
    int position = braced ? start + 1 : start;
    long high = 0;
    long low = 0;
    for (int i = 0; i < BYTES; i++) {
      int value = position + 2 <= end ? twoDigits(text, position) : -1;
      if (value < 0) {
        throw invalid(text, start, end);
      }
      high = high << Byte.SIZE | low >>> Long.SIZE - Byte.SIZE;
      low = low << Byte.SIZE | value;
      position += 2;
      boolean groupEnds = i % 2 == 1 && i < BYTES - 1;
      if (groupEnds && position < end && text[position] == '-') {
        position++;
      }
    }
    if (braced && position < end && text[position] == '}') {
      position++;
      braced = false;
    }
    if (braced || position < end) {
      throw invalid(text, start, end);
    }
    out.length(start);
    out.putLong(high);
    out.putLong(low);
  }

  /** The value of two hexadecimal digits, negative if they are not. */
  private static int twoDigits(byte[] text, int position) {
    return Character.digit(text[position], HEX) << 4 | Character.digit(text[position + 1], HEX);
  }

  private static InvalidValueException invalid(byte[] text, int start, int end) {
    return new InvalidValueException("not a UUID", Excerpt.of(text, start, end));
  }
}

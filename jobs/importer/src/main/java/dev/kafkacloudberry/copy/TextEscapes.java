package dev.kafkacloudberry.copy;

/** The two escapings of the text format, done in place: most values need none. */
final class TextEscapes {
  private TextEscapes() {}

  /**
   * Escapes what {@code encoder} appends for COPY, which gives backslash, tab, LF, CR a meaning.
   */
  static ColumnEncoder forCopy(ColumnEncoder encoder) {
    return (row, index, out) -> {
      int start = out.length();
      encoder.encode(row, index, out);
      escapeForCopy(out, start);
    };
  }

  private static void escapeForCopy(CopyBuffer out, int start) {
    int escapes = 0;
    byte[] bytes = out.array();
    for (int i = start; i < out.length(); i++) {
      if (copyEscape(bytes[i]) != 0) {
        escapes++;
      }
    }
    if (escapes > 0) {
      int from = out.length();
      int to = makeRoom(out, escapes);
      bytes = out.array();
      while (to > from) {
        byte value = bytes[--from];
        byte escape = copyEscape(value);
        bytes[--to] = escape == 0 ? value : escape;
        if (escape != 0) {
          bytes[--to] = '\\';
        }
      }
    }
  }

  /** Quotes from {@code start} to the end as an element of an array literal. */
  static void quoteElement(CopyBuffer out, int start) {
    int escapes = 0;
    byte[] bytes = out.array();
    for (int i = start; i < out.length(); i++) {
      if (isSpecialInQuotes(bytes[i])) {
        escapes++;
      }
    }
    int from = out.length();
    int to = makeRoom(out, escapes + 2);
    bytes = out.array();
    bytes[--to] = '"';
    while (from > start) {
      byte value = bytes[--from];
      bytes[--to] = value;
      if (isSpecialInQuotes(value)) {
        bytes[--to] = '\\';
      }
    }
    bytes[start] = '"';
  }

  private static int makeRoom(CopyBuffer out, int count) {
    out.reserve(count);
    out.length(out.length() + count);
    return out.length();
  }

  /** What follows the backslash in the escaped form of a byte; 0 if it stands for itself. */
  private static byte copyEscape(byte value) {
    return switch (value) {
      case '\\' -> '\\';
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\r' -> 'r';
      default -> 0;
    };
  }

  private static boolean isSpecialInQuotes(byte value) {
    return value == '"' || value == '\\';
  }
}

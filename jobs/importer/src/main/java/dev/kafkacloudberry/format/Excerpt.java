package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The start of a text, made fit to be printed in one line. */
final class Excerpt {
  private static final int MAX_CHARS = 80;
  private static final int MAX_BYTES_PER_CHAR = 4;

  private Excerpt() {}

  /** At most 80 characters of UTF-8 that may be invalid; a cut is marked by a final ellipsis. */
  static String of(byte[] text, int start, int end) {
    int size = Math.min(end - start, (MAX_CHARS + 1) * MAX_BYTES_PER_CHAR);
    int[] codePoints = new String(text, start, size, UTF_8).codePoints().toArray();
    StringBuilder excerpt = new StringBuilder(MAX_CHARS);
    for (int codePoint : codePoints) {
      String next = printable(codePoint);
      if (excerpt.length() + next.length() > MAX_CHARS) {
        return excerpt.append('…').toString();
      }
      excerpt.append(next);
    }
    return excerpt.toString();
  }

  private static String printable(int codePoint) {
    if (codePoint == ' ') {
      return " ";
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          "\\u%04x".formatted(codePoint);
      default -> Character.toString(codePoint);
    };
  }
}

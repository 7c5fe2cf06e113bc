package dev.kafkacloudberry.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** The start of a value, made fit to be printed in one line. */
public final class Excerpt {
  private static final int MAX_CHARS = 80;
  private static final int MAX_UTF8_BYTES = 4 * MAX_CHARS;

  private Excerpt() {}

  /** At most 80 characters; what is cut off is marked by a final ellipsis. */
  public static String of(String value) {
    return of(value, MAX_CHARS);
  }

  /**
   * As {@link #of(String)}, of another length.
   *
   * @param mostChars how many characters it may have
   */
  public static String of(String value, int mostChars) {
    StringBuilder excerpt = new StringBuilder(Math.min(mostChars, value.length()));
    int position = 0;
    while (position < value.length()) {
      int codePoint = value.codePointAt(position);
      int written = excerpt.length();
      append(excerpt, codePoint);
      position += Character.charCount(codePoint);
      boolean last = position == value.length();
      if (excerpt.length() > (last ? mostChars : mostChars - 1)) {
        excerpt.setLength(written);
        return excerpt.append('…').toString();
      }
    }
    return excerpt.toString();
  }

  /** As {@link #of(String)}, of UTF-8 that may be invalid. */
  public static String ofUtf8(byte[] bytes, int start, int end) {
    int cut = Math.min(end, start + MAX_UTF8_BYTES);
    return new String(Arrays.copyOfRange(bytes, start, cut), UTF_8);
  }

  private static void append(StringBuilder excerpt, int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          excerpt.append("\\u").append("%04x".formatted(codePoint));
      default -> excerpt.appendCodePoint(codePoint);
    }
  }
}

package dev.kafkacloudberry.text;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The start of a value, made fit to be printed in one line: characters that do not show are written
 * as their code points.
 */
public final class Excerpt {
  private static final int MAX_CHARS = 80;

  // One character more than are shown, of at most four bytes.
  private static final int ENOUGH_BYTES = 4 * (MAX_CHARS + 1);

  private Excerpt() {}

  /** At most 80 characters; what is cut off is marked by a final ellipsis. */
  public static String of(String value) {
    return of(value, MAX_CHARS);
  }

  /** As {@link #of(String)}, of at most so many characters. */
  public static String of(String value, int maxChars) {
    StringBuilder excerpt = new StringBuilder(Math.min(maxChars, value.length()));
    int position = 0;
    while (position < value.length()) {
      int codePoint = value.codePointAt(position);
      int written = excerpt.length();
      append(excerpt, codePoint);
      position += Character.charCount(codePoint);
      boolean last = position == value.length();
      if (excerpt.length() > (last ? maxChars : maxChars - 1)) {
        excerpt.setLength(written);
        return excerpt.append('…').toString();
      }
    }
    return excerpt.toString();
  }

  /** As {@link #of(String)}, of UTF-8 that may be invalid. */
  public static String of(byte[] bytes, int start, int end) {
    return of(new String(bytes, start, Math.min(end - start, ENOUGH_BYTES), UTF_8));
  }

  private static void append(StringBuilder excerpt, int codePoint) {
    if (codePoint == ' ') {
      excerpt.append(' ');
      return;
    }
    switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          excerpt.append("\\u").append("%04x".formatted(codePoint));
      default -> excerpt.appendCodePoint(codePoint);
    }
  }
}

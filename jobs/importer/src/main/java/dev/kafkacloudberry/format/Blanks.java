package dev.kafkacloudberry.format;

/** White space around values, which most of PostgreSQL's types do not mind. */
final class Blanks {

  private Blanks() {}

  /** Where the first other byte is, or {@code end}. */
  static int skip(byte[] text, int start, int end) {
    int i = start;
    while (i < end && isBlank(text[i])) {
      i++;
    }
    return i;
  }

  /** Behind the last other byte, or {@code start}. */
  static int trim(byte[] text, int start, int end) {
    int i = end;
    while (i > start && isBlank(text[i - 1])) {
      i--;
    }
    return i;
  }

  static boolean isBlank(byte b) {
    return b == ' ' || b >= '\t' && b <= '\r';
  }
}

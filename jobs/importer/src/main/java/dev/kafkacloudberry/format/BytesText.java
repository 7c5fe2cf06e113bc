package dev.kafkacloudberry.format;

import java.util.Arrays;

/**
 * Bytes, as {@code \x} and two hexadecimal digits for each; there may be blanks between two bytes.
 *
 * @param minLength fewest bytes
 * @param maxLength most bytes
 */
record BytesText(int minLength, int maxLength) implements ValueReader {

  @Override
  public byte[] read(byte[] text, int start, int end) {
    if (end - start < 2 || text[start] != '\\' || text[start + 1] != 'x') {
      throw notHex(text, start, end);
    }
    byte[] bytes = new byte[(end - start - 2) / 2];
    int length = 0;
    for (int i = start + 2; i < end; i++) {
      if (text[i] == ' ' || text[i] == '\t' || text[i] == '\n' || text[i] == '\r') {
        continue;
      }
      int high = Character.digit(text[i++], 16);
      int low = i < end ? Character.digit(text[i], 16) : -1;
      if (high < 0 || low < 0) {
        throw notHex(text, start, end);
      }
      bytes[length++] = (byte) (high << 4 | low);
    }
    if (length < minLength || length > maxLength) {
      throw InvalidTextException.of(
          text,
          start,
          end,
          minLength == maxLength
              ? "has %d bytes and not %d".formatted(length, maxLength)
              : "has %d bytes, more than %d".formatted(length, maxLength));
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }

  private static InvalidTextException notHex(byte[] text, int start, int end) {
    return InvalidTextException.of(
        text,
        start,
        end,
        "is not bytes in hexadecimal like \\x00ff; base64 is read as a STRING, with"
            + " FROM_BASE64 in the query");
  }
}

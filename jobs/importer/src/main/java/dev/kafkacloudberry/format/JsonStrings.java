package dev.kafkacloudberry.format;

import java.util.Arrays;

/** The text that a JSON string with escapes stands for. */
final class JsonStrings {

  private JsonStrings() {}

  /**
   * @param start where a string begins whose escapes are known to be well-formed
   * @throws InvalidTextException if it holds U+0000 or half of a surrogate pair
   */
  static byte[] unescape(byte[] text, int start, int end) {
    // No escape is shorter than the UTF-8 that it stands for.
    byte[] unescaped = new byte[end - start];
    int length = 0;
    int i = start;
    while (i < end) {
      byte b = text[i++];
      if (b != '\\') {
        unescaped[length++] = b;
        continue;
      }
      byte escaped = text[i++];
      if (escaped != 'u') {
        unescaped[length++] = simple(escaped);
        continue;
      }
      int codePoint = hex(text, i);
      i += 4;
      if (Character.isHighSurrogate((char) codePoint)
          && i + 6 <= end
          && text[i] == '\\'
          && text[i + 1] == 'u'
          && Character.isLowSurrogate((char) hex(text, i + 2))) {
        codePoint = Character.toCodePoint((char) codePoint, (char) hex(text, i + 2));
        i += 6;
      }
      length = put(unescaped, length, codePoint, text, start, end);
    }
    return Arrays.copyOf(unescaped, length);
  }

  private static byte simple(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> escaped;
    };
  }

  private static int hex(byte[] text, int start) {
    int value = 0;
    for (int i = start; i < start + 4; i++) {
      value = 16 * value + Character.digit(text[i], 16);
    }
    return value;
  }

  private static int put(
      byte[] bytes, int position, int codePoint, byte[] text, int start, int end) {
    int length = position;
    if (codePoint == 0) {
      throw InvalidTextException.of(
          text, start, end, "holds the character U+0000, which PostgreSQL's text cannot hold");
    } else if (codePoint < 0x80) {
      bytes[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[length++] = (byte) (0xC0 | codePoint >> 6);
      bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
    } else if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
      throw InvalidTextException.of(text, start, end, "holds half of a surrogate pair");
    } else if (codePoint < 0x10000) {
      bytes[length++] = (byte) (0xE0 | codePoint >> 12);
      bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
      bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
    } else {
      bytes[length++] = (byte) (0xF0 | codePoint >> 18);
      bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
      bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
      bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
    }
    return length;
  }
}

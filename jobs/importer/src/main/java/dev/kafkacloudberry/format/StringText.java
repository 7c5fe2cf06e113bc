package dev.kafkacloudberry.format;

import java.util.Arrays;
import org.apache.flink.table.data.StringData;

/** Strings, which share the bytes of the text. */
final class StringText {

  private StringText() {}

  static StringData string(byte[] text, int start, int end) {
    return StringData.fromBytes(text, start, end - start);
  }

  /** A longer text is refused, unless only blanks are cut off. */
  static ValueReader varchar(int length) {
    return (text, start, end) ->
        string(text, start, end - start <= length ? end : cut(text, start, end, length, "VARCHAR"));
  }

  /** As {@link #varchar}, and a shorter one is filled up with blanks. */
  static ValueReader padded(int length) {
    return (text, start, end) -> {
      int cut = cut(text, start, end, length, "CHAR");
      int missing = length - characters(text, start, cut);
      if (missing == 0) {
        return string(text, start, cut);
      }
      byte[] padded = Arrays.copyOfRange(text, start, cut + missing);
      Arrays.fill(padded, cut - start, padded.length, (byte) ' ');
      return StringData.fromBytes(padded);
    };
  }

  /** Where the first {@code length} characters end. */
  private static int cut(byte[] text, int start, int end, int length, String type) {
    int i = start;
    for (int characters = 0; i < end; i++) {
      if (isFirstOfCharacter(text[i]) && characters++ == length) {
        break;
      }
    }
    for (int rest = i; rest < end; rest++) {
      if (text[rest] != ' ') {
        throw InvalidTextException.of(
            text, start, end, "is too long for %s(%d)".formatted(type, length));
      }
    }
    return i;
  }

  private static int characters(byte[] text, int start, int end) {
    int count = 0;
    for (int i = start; i < end; i++) {
      count += isFirstOfCharacter(text[i]) ? 1 : 0;
    }
    return count;
  }

  private static boolean isFirstOfCharacter(byte b) {
    return (b & 0xC0) != 0x80;
  }
}

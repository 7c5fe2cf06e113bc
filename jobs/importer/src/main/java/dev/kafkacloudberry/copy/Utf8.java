package dev.kafkacloudberry.copy;

import dev.kafkacloudberry.text.Excerpt;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinarySection;
import org.apache.flink.table.data.binary.BinarySegmentUtils;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * Strings as the UTF-8 that the database accepts. It refuses U+0000 and invalid UTF-8, and one such
 * row would fail every attempt to commit its checkpoint: they are refused here, row by row.
 */
final class Utf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long EACH_BYTE_1 = 0x0101_0101_0101_0101L;
  private static final long EACH_HIGH_BIT = 0x8080_8080_8080_8080L;

  private static final int MAX_BYTES_PER_CHAR = 3;
  private static final int CHARS_PER_PIECE = 4096;

  private Utf8() {}

  /**
   * Appends the string.
   *
   * @throws InvalidValueException if it holds U+0000, a lone surrogate or invalid UTF-8
   */
  static void put(CopyBuffer out, StringData value) {
    // Formats make strings of Java strings, exchanges make strings of bytes; either is taken as it
    // is, since converting one into the other allocates.
    if (value instanceof BinaryStringData binary && binary.getBinarySection() != null) {
      put(out, binary.getBinarySection());
    } else {
      put(out, value.toString());
    }
  }

  private static void put(CopyBuffer out, BinarySection section) {
    int size = section.getSizeInBytes();
    int start = out.length();
    out.reserve(size);
    BinarySegmentUtils.copyToBytes(
        section.getSegments(), section.getOffset(), out.array(), start, size);
    check(out.array(), start, start + size);
    out.length(start + size);
  }

  private static void put(CopyBuffer out, String value) {
    int end = value.length();
    int next = 0;
    while (next < end) {
      int pieceEnd = Math.min(end, next + CHARS_PER_PIECE);
      out.reserve((pieceEnd - next + 1) * MAX_BYTES_PER_CHAR);
      next = putPiece(out, value, next, pieceEnd);
    }
  }

  /** Returns where to go on: a surrogate pair across the end belongs to the piece it starts in. */
  private static int putPiece(CopyBuffer out, String value, int start, int end) {
    byte[] bytes = out.array();
    int length = out.length();
    int i = start;
    while (i < end) {
      char c = value.charAt(i++);
      if (c < 0x80) {
        if (c == 0) {
          throw nul(value);
        }
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | c >> 6);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        bytes[length++] = (byte) (0xE0 | c >> 12);
        bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | c & 0x3F);
      } else {
        if (Character.isLowSurrogate(c)
            || i == value.length()
            || !Character.isLowSurrogate(value.charAt(i))) {
          throw new InvalidValueException(
              "half of a surrogate pair, which no UTF-8 text can hold", value);
        }
        int codePoint = Character.toCodePoint(c, value.charAt(i++));
        bytes[length++] = (byte) (0xF0 | codePoint >> 18);
        bytes[length++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | codePoint & 0x3F);
      }
    }
    out.length(length);
    return i;
  }

  private static void check(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end) {
      if (i + Long.BYTES <= end && isAscii((long) LONG.get(bytes, i))) {
        i += Long.BYTES;
      } else if (bytes[i] > 0) {
        i++;
      } else if (bytes[i] == 0) {
        throw nul(Excerpt.of(bytes, start, end));
      } else {
        int sequence = sequenceLength(bytes, i, end);
        if (sequence == 0) {
          throw new InvalidValueException(
              "invalid UTF-8; text in another encoding is read with DECODE(<bytes>, '<charset>')",
              Excerpt.of(bytes, start, end));
        }
        i += sequence;
      }
    }
  }

  /** Whether eight bytes are ASCII without U+0000: subtracting 1 sets a zero byte's high bit. */
  private static boolean isAscii(long eightBytes) {
    return ((eightBytes - EACH_BYTE_1 | eightBytes) & EACH_HIGH_BIT) == 0;
  }

  /** The length of the well-formed sequence of two to four bytes at {@code i}, or 0. */
  private static int sequenceLength(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xFF;
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || i + length > end) {
      return 0;
    }
    // The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
    int second = bytes[i + 1] & 0xFF;
    int min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    int max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < min || second > max) {
      return 0;
    }
    for (int k = i + 2; k < i + length; k++) {
      if ((bytes[k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private static InvalidValueException nul(String value) {
    return new InvalidValueException(
        "the character U+0000, which the database's text cannot hold; remove it with"
            + " REGEXP_REPLACE(<column>, '\\x00', '')",
        value);
  }
}

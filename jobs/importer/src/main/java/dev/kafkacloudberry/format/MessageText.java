package dev.kafkacloudberry.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What PostgreSQL asks of any text: UTF-8, and no character U+0000. */
final class MessageText {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long EACH_BYTE_1 = 0x0101_0101_0101_0101L;
  private static final long EACH_HIGH_BIT = 0x8080_8080_8080_8080L;

  private MessageText() {}

  /**
   * @throws MalformedMessageException naming the first byte that is wrong
   */
  static void check(byte[] message) throws MalformedMessageException {
    int i = 0;
    while (i < message.length) {
      if (i + Long.BYTES <= message.length && isAscii((long) LONG.get(message, i))) {
        i += Long.BYTES;
      } else if (message[i] > 0) {
        i++;
      } else if (message[i] == 0) {
        throw new MalformedMessageException(
            "byte %d is the character U+0000, which PostgreSQL's text cannot hold".formatted(i));
      } else {
        int sequence = sequenceLength(message, i);
        if (sequence == 0) {
          throw new MalformedMessageException(
              "byte %d, 0x%02x, is not valid UTF-8".formatted(i, message[i]));
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
  private static int sequenceLength(byte[] bytes, int i) {
    int lead = bytes[i] & 0xFF;
    int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || i + length > bytes.length) {
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
}

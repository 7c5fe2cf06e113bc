package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.core.memory.MemorySegment;
import org.apache.flink.core.memory.MemorySegmentFactory;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;
import org.junit.jupiter.api.Test;

class Utf8Test {
  private static final long SEED = 42;

  private final CopyBuffer out = new CopyBuffer();

  @Test
  void stringsOfCharactersAndOfBytesGiveTheSameBytes() {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      String string = randomString(random, random.nextInt(i < 20 ? 20_000 : 50));
      byte[] expected = string.getBytes(UTF_8);

      assertThat(put(StringData.fromString(string))).as("seed %d", SEED).isEqualTo(expected);
      assertThat(put(StringData.fromBytes(expected))).as("seed %d", SEED).isEqualTo(expected);
    }
  }

  private static String randomString(Random random, int codePoints) {
    int bits = random.nextInt(7, 22);
    return IntStream.range(0, codePoints)
        .map(i -> 1 + random.nextInt(Math.min(1 << bits, Character.MAX_CODE_POINT) - 1))
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\u20ac' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void surrogatePairAcrossPieces() {
    String string = "x".repeat(4095) + "😀" + "x".repeat(4095) + "€😀";

    assertThat(put(StringData.fromString(string))).isEqualTo(string.getBytes(UTF_8));
  }

  @Test
  void everyCharacterMayTakeThreeBytes() {
    String string = "€".repeat(100_000);

    assertThat(put(StringData.fromString(string))).isEqualTo(string.getBytes(UTF_8));
  }

  @Test
  void stringsSpreadOverMemorySegments() {
    byte[] bytes = "0123456789é€😀abcdefghijklmnop".getBytes(UTF_8);
    MemorySegment[] segments = {
      MemorySegmentFactory.wrap(new byte[16]),
      MemorySegmentFactory.wrap(new byte[16]),
      MemorySegmentFactory.wrap(new byte[16])
    };
    for (int i = 0; i < bytes.length; i++) {
      segments[(5 + i) / 16].put((5 + i) % 16, bytes[i]);
    }

    assertThat(put(BinaryStringData.fromAddress(segments, 5, bytes.length))).isEqualTo(bytes);
  }

  @Test
  void exactlyTheBytesThatJavaDecodesAreAccepted() {
    Random random = new Random(SEED);
    // Leads, continuations and the bounds between which well-formed sequences are told from others.
    byte[] alphabet = {
      0x41,
      0x7f,
      (byte) 0x80,
      (byte) 0x8f,
      (byte) 0x90,
      (byte) 0x9f,
      (byte) 0xa0,
      (byte) 0xbf,
      (byte) 0xc0,
      (byte) 0xc1,
      (byte) 0xc2,
      (byte) 0xdf,
      (byte) 0xe0,
      (byte) 0xe1,
      (byte) 0xed,
      (byte) 0xef,
      (byte) 0xf0,
      (byte) 0xf1,
      (byte) 0xf4,
      (byte) 0xf5,
      (byte) 0xff
    };
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(1, 12)];
      Arrays.fill(bytes, (byte) 'a');
      int start = random.nextInt(bytes.length);
      for (int k = start; k < Math.min(bytes.length, start + 4); k++) {
        bytes[k] = alphabet[random.nextInt(alphabet.length)];
      }
      boolean accepts = accepts(bytes);
      assertThat(accepts).as("%s, seed %d", Arrays.toString(bytes), SEED).isEqualTo(decodes(bytes));
      accepted += accepts ? 1 : 0;
    }
    assertThat(accepted).isBetween(1_000, 99_000);
  }

  private boolean accepts(byte[] bytes) {
    try {
      put(StringData.fromBytes(bytes));
      return true;
    } catch (InvalidValueException e) {
      return false;
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  @Test
  void nulIsRefusedWhereverItIs() {
    for (int length = 1; length < 30; length++) {
      for (int at = 0; at < length; at++) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'a');
        bytes[at] = 0;

        assertThatExceptionOfType(InvalidValueException.class)
            .isThrownBy(() -> put(StringData.fromBytes(bytes)))
            .withMessageContaining("U+0000");
        assertThatExceptionOfType(InvalidValueException.class)
            .isThrownBy(() -> put(StringData.fromString(new String(bytes, UTF_8))))
            .withMessageContaining("U+0000");
      }
    }
  }

  @Test
  void halfASurrogatePairIsRefused() {
    for (String string : new String[] {"\ud83d", "a\ud83d", "\ud83da", "\ude00", "\ude00\ud83d"}) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> put(StringData.fromString(string)))
          .withMessageContaining("surrogate");
    }
  }

  private byte[] put(StringData value) {
    out.reset();
    Utf8.put(out, value);
    return Arrays.copyOf(out.array(), out.length());
  }
}

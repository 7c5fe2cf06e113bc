package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/** Finds keys by their bytes, so that no string is made of a key. */
final class JsonKeys implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int UNKNOWN = -1;

  private final byte[][] keys;

  /** Open addressing: indexes of keys, at least half of the places unused. */
  private final int[] places;

  JsonKeys(List<String> keys) {
    this.keys = keys.stream().map(key -> key.getBytes(UTF_8)).toArray(byte[][]::new);
    this.places = new int[Integer.highestOneBit(Math.max(1, this.keys.length)) << 2];
    Arrays.fill(places, UNKNOWN);
    for (int index = 0; index < this.keys.length; index++) {
      int place = place(this.keys[index], 0, this.keys[index].length);
      while (places[place] != UNKNOWN) {
        place = place + 1 & places.length - 1;
      }
      places[place] = index;
    }
  }

  /**
   * The index of the key that was scanned last, or -1.
   *
   * @param guess an index to try first, since most messages have their keys in the same order
   */
  int indexOf(JsonScanner scanner, byte[] text, int guess) {
    if (scanner.kind() == JsonScanner.Kind.ESCAPED_STRING) {
      byte[] key = JsonStrings.unescape(text, scanner.valueStart(), scanner.valueEnd());
      return indexOf(key, 0, key.length, guess);
    }
    return indexOf(text, scanner.valueStart(), scanner.valueEnd(), guess);
  }

  private int indexOf(byte[] text, int start, int end, int guess) {
    if (guess < keys.length && isKey(guess, text, start, end)) {
      return guess;
    }
    int place = place(text, start, end);
    while (places[place] != UNKNOWN) {
      if (isKey(places[place], text, start, end)) {
        return places[place];
      }
      place = place + 1 & places.length - 1;
    }
    return UNKNOWN;
  }

  private boolean isKey(int index, byte[] text, int start, int end) {
    byte[] key = keys[index];
    return key.length == end - start && Arrays.equals(key, 0, key.length, text, start, end);
  }

  private int place(byte[] text, int start, int end) {
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + text[i];
    }
    return (hash ^ hash >>> 16) & places.length - 1;
  }
}

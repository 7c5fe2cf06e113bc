package dev.kafkacloudberry.format;

import java.io.Serializable;

/** Makes a value of a JSON value that is not null. */
interface JsonReader extends Serializable {

  /**
   * @param kind what stands between {@code start} and {@code end}
   * @throws InvalidTextException if it is no value of the type
   */
  Object read(JsonScanner.Kind kind, byte[] text, int start, int end);

  /** A value of the kind may be {@code null} here. */
  default Object readNullable(JsonScanner.Kind kind, byte[] text, int start, int end) {
    return kind == JsonScanner.Kind.NULL || kind == JsonScanner.Kind.MISSING
        ? null
        : read(kind, text, start, end);
  }
}

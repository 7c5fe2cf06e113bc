package dev.kafkacloudberry.copy;

import java.util.Optional;

/**
 * How a source type gets into a target type, in each format.
 *
 * @param binary empty if the pair does not go in the binary format
 * @param text empty if the pair does not go at all
 * @param advice what to do where the pair does not go in the format that is wanted
 */
record Encodings(Optional<ColumnEncoder> binary, Optional<ColumnEncoder> text, String advice) {
  private static final String TEXT_ONLY = "it goes in text format only: copy in 'auto' or 'text'";

  static Encodings both(ColumnEncoder binary, ColumnEncoder text) {
    return new Encodings(Optional.of(binary), Optional.of(text), "");
  }

  static Encodings textOnly(ColumnEncoder text) {
    return new Encodings(Optional.empty(), Optional.of(text), TEXT_ONLY);
  }

  static Encodings none(String advice) {
    return new Encodings(Optional.empty(), Optional.empty(), advice);
  }

  /** The same, with what the text encoder writes escaped for COPY. */
  Encodings escapedForCopy() {
    return new Encodings(binary, text.map(TextEscapes::forCopy), advice);
  }

  Optional<ColumnEncoder> in(CopyFormat format) {
    return switch (format) {
      case BINARY -> binary;
      case TEXT -> text;
    };
  }
}

package dev.kafkacloudberry.format;

import dev.kafkacloudberry.text.Excerpt;

/** What is wrong with a text; the decoder adds where it stands. */
final class InvalidTextException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidTextException(String message) {
    // No stack trace: a topic may hold millions of bad messages.
    super(message, null, false, false);
  }

  /**
   * @param problem goes on from the quoted text, like "is not an integer"
   */
  static InvalidTextException of(byte[] text, int start, int end, String problem) {
    return new InvalidTextException("'" + Excerpt.of(text, start, end) + "' " + problem);
  }
}

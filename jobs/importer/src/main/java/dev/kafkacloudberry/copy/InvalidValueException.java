package dev.kafkacloudberry.copy;

import dev.kafkacloudberry.text.Excerpt;

/** What an encoder throws; {@link RowEncoder} adds the column. */
final class InvalidValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final String value;

  InvalidValueException(String reason, String value) {
    // No stack trace: a topic may hold millions of bad rows, and the column says where.
    super(reason, null, false, false);
    this.reason = reason;
    this.value = Excerpt.of(value);
  }

  String reason() {
    return reason;
  }

  String value() {
    return value;
  }
}

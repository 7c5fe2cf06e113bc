package dev.kafkacloudberry.format;

import java.io.IOException;

/** A message that is no row; the text says why, without the message itself. */
final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }

  /** A topic may hold millions of bad messages, and the text says all there is to say. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}

package dev.kafkacloudberry.kafka;

import org.apache.flink.util.FlinkRuntimeException;

/**
 * Says why a table cannot be read.
 *
 * <p>What was caught is suppressed, not the cause: Flink's SQL client shows nothing but the
 * innermost cause, which would name neither topic nor brokers.
 */
final class KafkaReadException extends FlinkRuntimeException {

  KafkaReadException(String message, Throwable caught) {
    super(message);
    addSuppressed(caught);
  }

  /** With the innermost reason behind the message. */
  static KafkaReadException of(String message, Throwable caught) {
    Throwable innermost = caught;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return new KafkaReadException("%s: %s".formatted(message, innermost.getMessage()), caught);
  }
}

package dev.kafkacloudberry.scheduler.flink;

/** Flink has answered, and refuses or has failed. */
public final class FlinkException extends Exception {

  FlinkException(String message) {
    super(message);
  }
}

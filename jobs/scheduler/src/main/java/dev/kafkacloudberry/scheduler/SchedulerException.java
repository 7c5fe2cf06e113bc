package dev.kafkacloudberry.scheduler;

/** A command that ends without what it was to do, in words for its user. */
final class SchedulerException extends Exception {

  private final int exitCode;

  private SchedulerException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  static SchedulerException failed(String message) {
    return new SchedulerException(ExitCode.FAILED, message, null);
  }

  static SchedulerException failed(Exception cause) {
    return new SchedulerException(ExitCode.FAILED, cause.getMessage(), cause);
  }

  static SchedulerException wrongArguments(String message) {
    return new SchedulerException(ExitCode.WRONG_ARGUMENTS, message, null);
  }

  static SchedulerException timeLimit(String message) {
    return new SchedulerException(ExitCode.TIME_LIMIT, message, null);
  }

  static SchedulerException busy(String message) {
    return new SchedulerException(ExitCode.BUSY, message, null);
  }

  int exitCode() {
    return exitCode;
  }
}

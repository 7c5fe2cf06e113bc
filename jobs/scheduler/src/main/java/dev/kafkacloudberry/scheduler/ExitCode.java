package dev.kafkacloudberry.scheduler;

/** How commands end. */
final class ExitCode {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_ARGUMENTS = 2;
  static final int TIME_LIMIT = 3;

  /** As {@code sysexits.h} has it: not now, but it may work later. */
  static final int BUSY = 75;

  private ExitCode() {}
}

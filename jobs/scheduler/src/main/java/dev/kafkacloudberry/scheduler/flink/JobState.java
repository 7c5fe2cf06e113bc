package dev.kafkacloudberry.scheduler.flink;

/** What Flink says of a job, as far as it matters whether it may still commit. */
public enum JobState {
  /** All that is not known better: it starts, restarts, or is about to end. */
  UNSETTLED,
  RUNNING,
  FINISHED,
  FAILED,
  CANCELED;

  static JobState of(String name) {
    return switch (name) {
      case "RUNNING" -> RUNNING;
      case "FINISHED" -> FINISHED;
      case "FAILED" -> FAILED;
      case "CANCELED" -> CANCELED;
      default -> UNSETTLED;
    };
  }

  /** Whether it is over: it commits nothing any more. */
  public boolean isEnd() {
    return this == FINISHED || this == FAILED || this == CANCELED;
  }
}

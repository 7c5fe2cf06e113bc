package dev.kafkacloudberry.scheduler;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** What a command says while it works. The result is not said here but printed to the output. */
final class Messages {

  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(10);

  private final PrintWriter err;
  private final boolean quiet;
  private String lastProblem = "";
  private Instant lastProgress = Instant.EPOCH;

  Messages(PrintWriter err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  void say(String text) {
    if (!quiet) {
      print(text);
    }
  }

  /** Says how far it is, now and then. */
  void progress(String text) {
    if (Instant.now().isAfter(lastProgress.plus(BETWEEN_PROGRESS))) {
      lastProgress = Instant.now();
      say(text);
    }
  }

  /** Something that is waited for; said once while it stays the same. */
  void problem(String text) {
    if (!lastProblem.equals(text)) {
      lastProblem = text;
      print(text);
    }
  }

  private void print(String text) {
    err.println(text);
    err.flush();
  }
}

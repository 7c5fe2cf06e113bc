package dev.kafkacloudberry.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** What the user reads: numbered steps, what happens in them, how long they took. */
final class Console {
  private static final String INDENT = "   ";
  private static final String CLEAR_LINE = "\r\u001B[K";
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(1);

  private final PrintStream out;
  private final boolean terminal;

  private int step;
  private Instant stepStart = Instant.now();
  private Instant latestProgress = Instant.MIN;
  private String progress = "";

  /**
   * Writes to a stream.
   *
   * @param terminal whether a line can be drawn again; otherwise there is one every second
   */
  Console(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** Begins the next step, and ends the one before. */
  void step(String title) {
    endStep();
    step++;
    stepStart = Instant.now();
    out.println(step + ". " + title);
  }

  /** Says how long the step took. */
  void endStep() {
    if (step > 0) {
      say("%.1f s".formatted(Duration.between(stepStart, Instant.now()).toMillis() / 1000.0));
      out.println();
    }
  }

  /** Lines that belong to the step. */
  void say(String text) {
    keepProgress();
    text.lines().forEach(line -> out.println((INDENT + line).stripTrailing()));
  }

  /** A line without indentation: the result. */
  void conclude(String line) {
    keepProgress();
    out.println(line);
  }

  /** Shows a state that replaces the one shown before. */
  void progress(String line) {
    progress = line;
    if (terminal) {
      out.print(CLEAR_LINE + INDENT + line);
      out.flush();
    } else if (latestProgress.plus(PROGRESS_INTERVAL).isBefore(Instant.now())) {
      latestProgress = Instant.now();
      keepProgress();
    }
  }

  /** Leaves the last state to be read. */
  private void keepProgress() {
    if (!progress.isEmpty()) {
      out.println(terminal ? "" : INDENT + progress);
    }
    progress = "";
  }
}

package dev.kafkacloudberry.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;

/** What the user reads: numbered steps, what happens in them, how long they took. */
final class Console {
  private static final String INDENT = "   ";
  private static final String CLEAR_LINE = "\r\u001B[K";

  private final PrintStream out;
  private final boolean terminal;

  private int step;
  private Instant stepStart = Instant.now();
  private String progress = "";

  /**
   * Writes to a stream.
   *
   * @param terminal whether a line can be drawn again; otherwise every change has its own
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
    out.flush();
  }

  /** A line without indentation: the result. */
  void conclude(String line) {
    keepProgress();
    out.println(line);
    out.flush();
  }

  /** Shows a state that replaces the one shown before. */
  void progress(String line) {
    if (terminal) {
      out.print(CLEAR_LINE + INDENT + line);
    } else if (!line.equals(progress)) {
      out.println(INDENT + line);
    }
    progress = line;
    out.flush();
  }

  /** Leaves the last state on the screen. */
  private void keepProgress() {
    if (terminal && !progress.isEmpty()) {
      out.println();
    }
    progress = "";
  }
}

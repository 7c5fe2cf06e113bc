package dev.kafkacloudberry.quickstart;

import java.time.Duration;
import java.util.Locale;

/**
 * Draws how far an import is.
 *
 * @param initial rows that were committed before the import, which do not count for its rate
 * @param total rows that will be committed at its end
 */
record ProgressBar(long initial, long total) {
  private static final int WIDTH = 16;

  /**
   * One line, shorter than 80 characters.
   *
   * @param committed rows in the table
   * @param produced messages in the topic; what is not committed of them is the lag
   * @param elapsed since the import began
   */
  String draw(long committed, long produced, Duration elapsed) {
    int filled = (int) (WIDTH * Math.min(committed, total) / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %,d of %,d rows, %,d/s, lag %,d",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        committed,
        total,
        rate(committed - initial, elapsed),
        produced - committed);
  }

  private static long rate(long rows, Duration elapsed) {
    return rows * 1000 / Math.max(1, elapsed.toMillis());
  }
}

package dev.kafkacloudberry.job;

import java.util.Optional;

/**
 * The argument {@code --start-after}.
 *
 * @param kafkaTable the quoted path of the table whose start it sets; empty if that goes without
 *     saying
 * @param progressTable in the target database, as its user wrote it
 */
record StartAfter(Optional<String> kafkaTable, String progressTable) {

  /**
   * Reads {@code [TABLE=]PROGRESS}.
   *
   * @throws IllegalArgumentException if one of the two is no name
   */
  static StartAfter parse(String text) {
    int equals = text.indexOf('=');
    String progress = text.substring(equals + 1).strip();
    if (progress.isEmpty()) {
      throw new IllegalArgumentException(
          "it names no progress table, like kafka_test_import_progress");
    }
    return new StartAfter(
        equals < 0
            ? Optional.empty()
            : Optional.of(SqlNames.quotedPath(text.substring(0, equals).strip())),
        progress);
  }
}

package dev.kafkacloudberry.staging;

import java.util.Arrays;

/** What a staged file holds. Its name ends so. */
public enum StagedFileKind {
  /** Rows as COPY reads them. */
  ROWS(".rows"),
  /** Where in Kafka the rows of a file of rows lie. */
  PLACES(".places"),
  /** Rows that are not to be loaded. */
  REJECTS(".rejects");

  private final String suffix;

  StagedFileKind(String suffix) {
    this.suffix = suffix;
  }

  String suffix() {
    return suffix;
  }

  /** Whether a file of this name is staged data, of whichever kind. */
  static boolean isAny(String name) {
    return Arrays.stream(values()).anyMatch(kind -> name.endsWith(kind.suffix));
  }
}

package dev.kafkacloudberry.copy;

import java.util.Objects;

/** A column of the source row and the column of the target table that it is copied into. */
public record ColumnPair(SourceColumn source, TargetColumn target) {
  public ColumnPair {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
  }

  /** Both columns with their types, for messages. */
  @Override
  public String toString() {
    return "column %s %s into column \"%s\" %s"
        .formatted(
            source.name(), source.type().asSummaryString(), target.name(), target.displayType());
  }
}

package dev.kafkacloudberry.copy;

import java.util.List;

/** Columns that cannot be copied into their target columns, whatever their values. */
public final class IncompatibleColumnsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  IncompatibleColumnsException(List<String> complaints) {
    super("These columns cannot be copied:\n  " + String.join("\n  ", complaints));
  }
}

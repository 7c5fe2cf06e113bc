package dev.kafkacloudberry.copy;

/**
 * A value that its target column cannot hold.
 *
 * <p>Checked, because every caller has to decide between failing the job and setting the row aside;
 * encoding the same row again fails again.
 */
public final class RowEncodingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String column;
  private final String reason;
  private final String value;

  RowEncodingException(String column, InvalidValueException cause) {
    super("Column \"%s\": %s: %s".formatted(column, cause.reason(), cause.value()));
    this.column = column;
    this.reason = cause.reason();
    this.value = cause.value();
  }

  /** The name of the target column. */
  public String column() {
    return column;
  }

  /** What is wrong, without the value. */
  public String kind() {
    return "column \"%s\": %s".formatted(column, reason);
  }

  /** Why the value cannot be held, and what to do about it. */
  public String reason() {
    return reason;
  }

  /** The start of the value, at most 80 characters, with everything unprintable escaped. */
  public String value() {
    return value;
  }
}

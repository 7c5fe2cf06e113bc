package dev.kafkacloudberry.job;

/** An import that did not start or did not end well, in words for its user. */
final class ImportFailure extends RuntimeException {

  /** Ends of the command, besides 0 for success. */
  enum Kind {
    FAILED(1),
    WRONG_ARGUMENTS(2);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  private final Kind kind;

  private ImportFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static ImportFailure wrongArguments(String problem) {
    return new ImportFailure(Kind.WRONG_ARGUMENTS, problem + " (--help shows the usage)", null);
  }

  static ImportFailure failed(Throwable cause) {
    return new ImportFailure(Kind.FAILED, ErrorText.of(cause), cause);
  }

  static ImportFailure failed(SqlScript.Position position, Throwable cause) {
    return new ImportFailure(Kind.FAILED, position + ": " + ErrorText.of(cause), cause);
  }

  static ImportFailure failed(String argument, Throwable cause) {
    return new ImportFailure(Kind.FAILED, argument + ": " + ErrorText.of(cause), cause);
  }

  int exitCode() {
    return kind.exitCode;
  }
}

package dev.kafkacloudberry.job;

/** A script that cannot be run as it is written. The message starts with file, line and column. */
final class SqlScriptException extends RuntimeException {

  SqlScriptException(SqlScript.Position position, String problem) {
    super(position + ": " + problem);
  }
}

package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code RESET 'key'}, or {@code RESET} for every key, which Flink leaves to its SQL client.
 *
 * @param key empty where every key is meant
 */
record ResetStatement(Optional<String> key) {

  private static final Pattern RESET =
      Pattern.compile(
          "RESET(?:\\s+(?:'(?<quoted>[^']+)'|(?<bare>[^'\\s]+)))?", Pattern.CASE_INSENSITIVE);

  /**
   * What a statement resets; empty where the statement is no RESET.
   *
   * @throws SqlScriptException if it begins with RESET and cannot be read
   */
  static Optional<ResetStatement> of(Statement statement) {
    if (!statement.startsWith("RESET")) {
      return Optional.empty();
    }
    Matcher matcher = RESET.matcher(statement.text());
    if (!matcher.matches()) {
      throw new SqlScriptException(
          statement.position(), "a RESET statement reads RESET 'key'; or RESET;");
    }
    String quoted = matcher.group("quoted");
    return Optional.of(
        new ResetStatement(Optional.ofNullable(quoted == null ? matcher.group("bare") : quoted)));
  }
}

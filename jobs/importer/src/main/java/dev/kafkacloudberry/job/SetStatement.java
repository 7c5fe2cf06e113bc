package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code SET 'key' = 'value'}, which Flink leaves to its SQL client. Quotes may be left out, as
 * there.
 */
record SetStatement(String key, String value) {

  private static final String WORD = "(?:'(?<%1$sQuoted>(?:[^']|'')*)'|(?<%1$sBare>[^'=\\s]+))";
  private static final Pattern SET =
      Pattern.compile(
          "SET\\s+" + WORD.formatted("key") + "\\s*=\\s*" + WORD.formatted("value"),
          Pattern.CASE_INSENSITIVE);

  /**
   * The setting that a statement makes; empty where the statement is no SET.
   *
   * @throws SqlScriptException if it begins with SET and cannot be read. The text is left out of
   *     the message: it may hold a password.
   */
  static Optional<SetStatement> of(Statement statement) {
    if (!statement.startsWith("SET")) {
      return Optional.empty();
    }
    Matcher matcher = SET.matcher(statement.text());
    if (!matcher.matches()) {
      throw new SqlScriptException(
          statement.position(), "a SET statement reads SET 'key' = 'value';");
    }
    return Optional.of(new SetStatement(word(matcher, "key"), word(matcher, "value")));
  }

  private static String word(Matcher matcher, String name) {
    String quoted = matcher.group(name + "Quoted");
    return quoted == null ? matcher.group(name + "Bare") : quoted.replace("''", "'");
  }

  @Override
  public String toString() {
    return "SET '" + key + "'";
  }
}

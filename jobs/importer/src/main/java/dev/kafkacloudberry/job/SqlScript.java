package dev.kafkacloudberry.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A SQL script, split into its statements. Nothing but the split happens here: what a statement
 * means is up to Flink's parser.
 *
 * @param name what messages call the script, usually its path
 * @param statements in the order of the script, without empty ones
 */
record SqlScript(String name, List<Statement> statements) {

  SqlScript {
    statements = List.copyOf(statements);
  }

  /**
   * Reads a script from a UTF-8 file; a byte order mark at its start is no part of it.
   *
   * @throws IOException if the file cannot be read, or is not UTF-8
   * @throws SqlScriptException as {@link #parse} does
   */
  static SqlScript read(Path file) throws IOException {
    return parse(file.toString(), Files.readString(file));
  }

  /**
   * Splits a text at the semicolons that end statements: not at those in strings, quoted names,
   * comments or inside {@code STATEMENT SET BEGIN ... END}.
   *
   * @throws SqlScriptException if a string, name, comment or statement set is not closed
   */
  static SqlScript parse(String name, String text) {
    List<Statement> statements = new SqlSplitter(name, text).split();
    requireClosedStatementSets(statements);
    return new SqlScript(name, statements);
  }

  private static void requireClosedStatementSets(List<Statement> statements) {
    Statement opened = null;
    for (Statement statement : statements) {
      if (statement.startsWith("BEGIN", "STATEMENT", "SET")) {
        if (opened != null) {
          throw new SqlScriptException(
              statement.position(), "a STATEMENT SET cannot begin inside another one");
        }
        opened = statement;
      } else if (statement.isEnd()) {
        if (opened == null) {
          throw new SqlScriptException(
              statement.position(), "END without a BEGIN STATEMENT SET before it");
        }
        opened = null;
      } else if (opened != null && !statement.startsWith("INSERT")) {
        throw new SqlScriptException(
            statement.position(), "a STATEMENT SET takes only INSERT statements; END; closes it");
      }
    }
    if (opened != null) {
      throw new SqlScriptException(
          opened.position(), "the STATEMENT SET that begins here is not closed by END;");
    }
  }

  /**
   * One statement, from its first to its last significant character, without the semicolon and with
   * spaces in place of its comments.
   *
   * @param words its unquoted words in upper case, comments left out
   */
  record Statement(Position position, String text, List<String> words) {

    Statement {
      words = List.copyOf(words);
    }

    boolean startsWith(String... keywords) {
      return words.size() >= keywords.length
          && words.subList(0, keywords.length).equals(List.of(keywords));
    }

    boolean isEnd() {
      return text.equalsIgnoreCase("END");
    }

    /**
     * The statement moved to where it stands in its script, so that the lines and columns in
     * Flink's messages are those of the file.
     */
    String textInPlace() {
      return "\n".repeat(position.line() - 1) + " ".repeat(position.column() - 1) + text;
    }
  }

  /** A place in a script; lines and columns count from 1, columns in UTF-16 units as Flink's do. */
  record Position(String script, int line, int column) {

    @Override
    public String toString() {
      return script + ":" + line + ":" + column;
    }
  }
}

package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Position;
import dev.kafkacloudberry.job.SqlScript.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the ends of statements by the lexical rules of Flink SQL: strings in single quotes and
 * names in backticks, both with the quote doubled inside; {@code E'...'} strings with backslashes;
 * comments from {@code --} or {@code //} to the end of the line and from {@code /*} to the first
 * {@code *}{@code /}. Hints, {@code /*+ ... *}{@code /}, are no comments.
 */
final class SqlSplitter {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String script;
  private final String text;

  /** The text with every comment made blank, so that nobody behind has to know about comments. */
  private final StringBuilder plain;

  private int at;
  private int line = 1;
  private int column = 1;

  private final List<Statement> statements = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private Position start;
  private int startAt;
  private int endAt;

  /** The words of the open statement that came before the semicolon last seen inside it. */
  private int wordsOfClosedParts;

  SqlSplitter(String script, String text) {
    this.script = script;
    this.text = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    this.plain = new StringBuilder(this.text);
  }

  List<Statement> split() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        advance();
      } else if (looksAt("--") || looksAt("//")) {
        blankTo(endOfLine());
      } else if (looksAt("/*") && !looksAt("/*+")) {
        blankTo(endOfComment());
      } else if (c == ';') {
        semicolon();
      } else {
        token(c);
      }
    }
    if (start != null) {
      requireEndOfBlock();
      add();
    }
    return statements;
  }

  private void token(char c) {
    if (start == null) {
      start = position();
      startAt = at;
    }
    if (looksAt("/*+")) {
      advanceTo(endOfComment());
    } else if (c == '\'') {
      skipQuoted("string", '\'', false);
    } else if (c == '`') {
      skipQuoted("quoted name", '`', false);
    } else if ((c == 'E' || c == 'e') && looksAt(c + "'")) {
      advance();
      skipQuoted("string", '\'', true);
    } else if (Character.isJavaIdentifierStart(c)) {
      word();
    } else {
      advance();
    }
    endAt = at;
  }

  private void word() {
    int from = at;
    while (at < text.length() && Character.isJavaIdentifierPart(text.charAt(at))) {
      advance();
    }
    words.add(text.substring(from, at).toUpperCase(Locale.ROOT));
  }

  private void semicolon() {
    if (start != null && insideBlock()) {
      wordsOfClosedParts = words.size();
      advance();
      endAt = at;
      return;
    }
    advance();
    if (start != null) {
      add();
    }
  }

  /** Whether a {@code STATEMENT SET BEGIN} still waits for the part that is just {@code END}. */
  private boolean insideBlock() {
    return opensBlock() && !words.subList(wordsOfClosedParts, words.size()).equals(List.of("END"));
  }

  private boolean opensBlock() {
    for (int i = 0; i + 2 < words.size(); i++) {
      if (words.subList(i, i + 3).equals(List.of("STATEMENT", "SET", "BEGIN"))) {
        return true;
      }
    }
    return false;
  }

  private void requireEndOfBlock() {
    if (insideBlock()) {
      throw new SqlScriptException(
          start, "the STATEMENT SET that begins here is not closed by END;");
    }
  }

  private void add() {
    statements.add(new Statement(start, plain.substring(startAt, endAt), words));
    start = null;
    words.clear();
    wordsOfClosedParts = 0;
  }

  private int endOfLine() {
    int end = at;
    while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
      end++;
    }
    return end;
  }

  private int endOfComment() {
    int end = text.indexOf("*/", at + 2);
    if (end < 0) {
      throw new SqlScriptException(position(), "the comment that begins here is not closed by */");
    }
    return end + 2;
  }

  private void blankTo(int end) {
    for (int i = at; i < end; i++) {
      if (text.charAt(i) != '\n' && text.charAt(i) != '\r') {
        plain.setCharAt(i, ' ');
      }
    }
    advanceTo(end);
  }

  private void skipQuoted(String what, char quote, boolean backslashEscapes) {
    Position opened = position();
    advance();
    while (at < text.length()) {
      char c = text.charAt(at);
      advance();
      if (c == '\\' && backslashEscapes && at < text.length()) {
        advance();
      } else if (c == quote) {
        if (at < text.length() && text.charAt(at) == quote) {
          advance();
        } else {
          return;
        }
      }
    }
    throw new SqlScriptException(
        opened, "the " + what + " that begins here is not closed by " + quote);
  }

  private boolean looksAt(String prefix) {
    return text.startsWith(prefix, at);
  }

  private Position position() {
    return new Position(script, line, column);
  }

  private void advanceTo(int end) {
    while (at < end) {
      advance();
    }
  }

  /** A line ends at LF, CR LF or CR, as Flink's parser counts them. */
  private void advance() {
    char c = text.charAt(at++);
    boolean firstOfCrLf = c == '\r' && at < text.length() && text.charAt(at) == '\n';
    if (c == '\n' || (c == '\r' && !firstOfCrLf)) {
      line++;
      column = 1;
    } else {
      column++;
    }
  }
}

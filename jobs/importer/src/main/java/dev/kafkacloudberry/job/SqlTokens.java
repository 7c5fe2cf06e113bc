package dev.kafkacloudberry.job;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of a statement without comments, from left to right. */
final class SqlTokens {

  /**
   * A hint, a string, a quoted name, a word or number, or any other character. Possessive, since a
   * string may be longer than the stack is deep.
   */
  private static final Pattern TOKEN =
      Pattern.compile(
          "/\\*\\+.*?\\*/|[eE]'(?:[^'\\\\]++|\\\\.|'')*+'|'(?:[^']++|'')*+'|`(?:[^`]++|``)*+`"
              + "|[\\p{javaJavaIdentifierStart}\\d][\\p{javaJavaIdentifierPart}]*+|\\S",
          Pattern.DOTALL);

  /** A token, and where it stands in the statement. */
  record Token(String text, int start, int end) {

    boolean is(String word) {
      return text.equalsIgnoreCase(word);
    }

    boolean isName() {
      return text.startsWith("`")
          || !text.isEmpty() && Character.isJavaIdentifierStart(text.charAt(0));
    }

    boolean isHint() {
      return text.startsWith("/*+");
    }

    /** A name as the catalog knows it. */
    String name() {
      return text.startsWith("`") ? text.substring(1, text.length() - 1).replace("``", "`") : text;
    }
  }

  private static final Token END = new Token("", 0, 0);

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  SqlTokens(String statement) {
    Matcher matcher = TOKEN.matcher(statement);
    while (matcher.find()) {
      tokens.add(new Token(matcher.group(), matcher.start(), matcher.end()));
    }
  }

  /** The next token, empty behind the last, without moving on. */
  Token peek() {
    return next < tokens.size() ? tokens.get(next) : END;
  }

  /** The next token. */
  Token take() {
    Token token = peek();
    next++;
    return token;
  }

  /** Moves on if the next token is this one. */
  boolean takeIf(String text) {
    boolean matches = peek().is(text);
    if (matches) {
      next++;
    }
    return matches;
  }

  boolean isAtEnd() {
    return next >= tokens.size();
  }
}

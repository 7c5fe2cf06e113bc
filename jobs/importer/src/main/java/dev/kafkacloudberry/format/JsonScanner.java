package dev.kafkacloudberry.format;

import dev.kafkacloudberry.text.Excerpt;

/**
 * Goes through JSON text (RFC 8259) and tells where its values are, without making anything of
 * them. Not thread-safe.
 */
final class JsonScanner {

  /** What a value is; MISSING is for a key that there is not. */
  enum Kind {
    MISSING,
    NULL,
    /** A number, true or false. */
    LITERAL,
    STRING,
    /** A string that has escapes. */
    ESCAPED_STRING,
    OBJECT,
    ARRAY
  }

  // Deeper ones are nobody's data, and would overflow the stack.
  private static final int MAX_DEPTH = 500;

  // As much as it takes to recognize the place.
  private static final int BYTES_SHOWN = 10;

  private byte[] text;
  private int position;
  private int end;
  private Kind kind;
  private int valueStart;
  private int valueEnd;

  /** Begins with a text, of which only the range is read. */
  void open(byte[] newText, int start, int newEnd) {
    text = newText;
    position = start;
    end = newEnd;
  }

  /** What the last value is. */
  Kind kind() {
    return kind;
  }

  /** Where the last value begins; a string behind its quote. */
  int valueStart() {
    return valueStart;
  }

  /** Where the last value ends; a string before its quote. */
  int valueEnd() {
    return valueEnd;
  }

  /** The next byte that is not blank, or -1 at the end. */
  int peek() {
    while (position < end && isBlank(text[position])) {
      position++;
    }
    return position < end ? text[position] & 0xFF : -1;
  }

  /** Goes over the bracket that an object or array begins with. */
  void enter() {
    position++;
  }

  /**
   * Goes to the next member of an object, or element of an array, or behind its closing bracket.
   *
   * @param first whether it is the first one
   * @return whether there is one
   */
  boolean next(char closing, boolean first) {
    int next = peek();
    if (next == closing) {
      position++;
      return false;
    }
    if (!first) {
      if (next != ',') {
        throw unexpected("',' or '" + closing + "'");
      }
      position++;
    }
    return true;
  }

  /** Reads a key, as a value, and goes over the colon. */
  void key() {
    if (peek() != '"') {
      throw unexpected("a key in quotes");
    }
    string();
    if (peek() != ':') {
      throw unexpected("':'");
    }
    position++;
  }

  /** Reads a value of any kind. */
  void value() {
    value(0);
  }

  /** Makes sure that there is nothing more. */
  void finish() {
    if (peek() >= 0) {
      throw unexpected("the end");
    }
  }

  private void value(int depth) {
    int first = peek();
    switch (first) {
      case '"' -> string();
      case '{' -> nested(Kind.OBJECT, '}', depth);
      case '[' -> nested(Kind.ARRAY, ']', depth);
      case 't' -> word("true", Kind.LITERAL);
      case 'f' -> word("false", Kind.LITERAL);
      case 'n' -> word("null", Kind.NULL);
      default -> number();
    }
  }

  private void nested(Kind nestedKind, char closing, int depth) {
    if (depth == MAX_DEPTH) {
      throw new InvalidTextException(
          "the message is nested more than %d levels deep".formatted(MAX_DEPTH));
    }
    int start = position;
    enter();
    for (boolean first = true; next(closing, first); first = false) {
      if (nestedKind == Kind.OBJECT) {
        key();
      }
      value(depth + 1);
    }
    is(nestedKind, start, position);
  }

  private void string() {
    int start = ++position;
    boolean escaped = false;
    while (position < end && text[position] != '"') {
      if (text[position] >= 0 && text[position] < ' ') {
        throw unexpected("a character that is no control character");
      }
      if (text[position] == '\\') {
        escaped = true;
        escape();
      } else {
        position++;
      }
    }
    if (position == end) {
      throw unexpected("the quote that ends a string");
    }
    is(escaped ? Kind.ESCAPED_STRING : Kind.STRING, start, position);
    position++;
  }

  private void escape() {
    position++;
    int escaped = position < end ? text[position] : -1;
    switch (escaped) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> position++;
      case 'u' -> {
        position++;
        for (int i = 0; i < 4; i++) {
          if (position >= end || Character.digit(text[position], 16) < 0) {
            throw unexpected("a hexadecimal digit");
          }
          position++;
        }
      }
      default -> throw unexpected("an escape such as \\n");
    }
  }

  private void word(String word, Kind wordKind) {
    int start = position;
    for (int i = 0; i < word.length(); i++) {
      if (position == end || text[position] != word.charAt(i)) {
        throw unexpected(word);
      }
      position++;
    }
    is(wordKind, start, position);
  }

  private void number() {
    int start = position;
    if (position < end && text[position] == '-') {
      position++;
    }
    if (position < end && text[position] == '0') {
      position++;
    } else {
      digits(position == start ? "a value" : "a digit");
    }
    if (position < end && text[position] == '.') {
      position++;
      digits("a digit");
    }
    if (position < end && (text[position] | 0x20) == 'e') {
      position++;
      if (position < end && (text[position] == '+' || text[position] == '-')) {
        position++;
      }
      digits("a digit");
    }
    is(Kind.LITERAL, start, position);
  }

  private void digits(String expected) {
    int start = position;
    while (position < end && text[position] >= '0' && text[position] <= '9') {
      position++;
    }
    if (position == start) {
      throw unexpected(expected);
    }
  }

  private void is(Kind newKind, int start, int newEnd) {
    kind = newKind;
    valueStart = start;
    valueEnd = newEnd;
  }

  private InvalidTextException unexpected(String expected) {
    int shown = Math.min(end, position + BYTES_SHOWN);
    while (shown < end && isInsideOfCharacter(text[shown])) {
      shown++;
    }
    String found = position < end ? "'" + Excerpt.of(text, position, shown) + "'" : "the end";
    return new InvalidTextException(
        "the message is not JSON: %s at byte %d, where %s is expected"
            .formatted(found, position, expected));
  }

  private static boolean isInsideOfCharacter(byte b) {
    return (b & 0xC0) == 0x80;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}

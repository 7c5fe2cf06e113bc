package dev.kafkacloudberry.database;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A table, by its schema and its name as the catalog spells them. */
public record TableName(String schema, String table) implements Serializable {

  /** For SQL: both parts quoted. */
  public String quoted() {
    return Identifier.quote(schema) + "." + Identifier.quote(table);
  }

  @Override
  public String toString() {
    return schema + "." + table;
  }

  /**
   * Splits what a user wrote, {@code orders}, {@code sales.Orders} or {@code "Sales"."a.b"}, into
   * its parts with the quotes taken off.
   *
   * @throws IllegalArgumentException when it is not one or two identifiers
   */
  static List<Part> parse(String text) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      int end = endOfPart(text, at);
      String raw = text.substring(at, end).strip();
      boolean quoted = raw.startsWith("\"");
      String name = quoted ? raw.substring(1, raw.length() - 1).replace("\"\"", "\"") : raw;
      if (name.isEmpty() || (!quoted && name.indexOf('"') >= 0) || parts.size() == 2) {
        throw malformed(text);
      }
      parts.add(new Part(name, quoted));
      if (end == text.length()) {
        return parts;
      }
      at = end + 1;
    }
  }

  private static int endOfPart(String text, int from) {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        return i;
      }
    }
    if (quoted) {
      throw malformed(text);
    }
    return text.length();
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "'"
            + text
            + "' is not a table name. Write table or schema.table; quote a part that has dots or"
            + " upper-case letters of its own: \"Sales\".\"Orders\"");
  }

  /** One identifier; an unquoted one may also stand for its lower-case form. */
  record Part(String name, boolean quoted) {
    List<String> candidates() {
      String folded = name.toLowerCase(java.util.Locale.ROOT);
      return quoted || folded.equals(name) ? List.of(name) : List.of(name, folded);
    }
  }
}

package dev.kafkacloudberry.database;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
      parts.add(Part.parse(text.substring(at, end).strip()).orElseThrow(() -> malformed(text)));
      if (parts.size() > 2) {
        throw malformed(text);
      }
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
    private static final Pattern WRITTEN = Pattern.compile("\"((?:[^\"]|\"\")+)\"|([^\"]+)");

    static Optional<Part> parse(String written) {
      Matcher part = WRITTEN.matcher(written);
      if (!part.matches()) {
        return Optional.empty();
      }
      String quoted = part.group(1);
      return Optional.of(
          quoted == null
              ? new Part(part.group(2), false)
              : new Part(quoted.replace("\"\"", "\""), true));
    }

    List<String> candidates() {
      String folded = name.toLowerCase(Locale.ROOT);
      return quoted || folded.equals(name) ? List.of(name) : List.of(name, folded);
    }
  }
}

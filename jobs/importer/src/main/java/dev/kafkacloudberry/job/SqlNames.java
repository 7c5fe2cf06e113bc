package dev.kafkacloudberry.job;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Names as users type them on a command line, turned into quoted SQL: so a name may be a keyword,
 * or hold any character when it stands in backticks.
 */
final class SqlNames {

  private SqlNames() {}

  /**
   * {@code catalog.database.table}, its parts separated by dots.
   *
   * @throws IllegalArgumentException if a part is empty or a backtick is not closed
   */
  static String quotedPath(String path) {
    return parts(path, '.').stream().map(SqlNames::quoted).collect(Collectors.joining("."));
  }

  /**
   * A list of columns, separated by commas.
   *
   * @throws IllegalArgumentException if a column is empty or a backtick is not closed
   */
  static String quotedList(String columns) {
    return parts(columns, ',').stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
  }

  private static List<String> parts(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean inBackticks = false;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || (text.charAt(i) == separator && !inBackticks)) {
        parts.add(unquoted(text.substring(from, i).strip(), text));
        from = i + 1;
      } else if (text.charAt(i) == '`') {
        inBackticks = !inBackticks;
      }
    }
    return parts;
  }

  private static String unquoted(String part, String text) {
    String name = part;
    if (part.startsWith("`")) {
      boolean closed = part.length() > 1 && part.endsWith("`");
      name = closed ? part.substring(1, part.length() - 1).replace("``", "\0") : "`";
    }
    if (name.indexOf('`') >= 0) {
      throw new IllegalArgumentException("the backticks in '" + text + "' do not pair");
    }
    if (name.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' holds an empty name");
    }
    return name.replace('\0', '`');
  }

  /** A single name, whatever characters it holds. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}

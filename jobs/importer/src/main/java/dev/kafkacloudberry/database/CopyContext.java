package dev.kafkacloudberry.database;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a COPY the database met an error, by the context that it gives: {@code COPY orders, line
 * 7, column note: "..."}. Its words depend on the server's language, their places do not.
 *
 * @param row the number of the row in the COPY, from 1
 * @param column the column whose value could not be read, and what follows it
 * @param isNested something inside of the COPY gives a context of its own
 */
record CopyContext(OptionalLong row, Optional<String> column, boolean isNested) {

  private static final Pattern COPY =
      Pattern.compile("^COPY .+?, \\S+ (\\d{1,18})(?:, \\S+ (.+))?", Pattern.MULTILINE);

  /**
   * @param context null if the database gives none
   */
  static CopyContext of(String context) {
    Matcher copy = COPY.matcher(context == null ? "" : context);
    return copy.find()
        ? new CopyContext(
            OptionalLong.of(Long.parseLong(copy.group(1))),
            Optional.ofNullable(copy.group(2)),
            copy.start() > 0)
        : new CopyContext(OptionalLong.empty(), Optional.empty(), context != null);
  }

  /** Whether a function was at work on the row, as of a trigger or a constraint. */
  boolean isOfFunction() {
    return isNested && column.isEmpty();
  }

  /** Which of the columns it was. */
  Optional<String> columnOf(List<Load.Column> columns) {
    return column.flatMap(
        written ->
            columns.stream()
                .map(Load.Column::name)
                .filter(name -> written.equals(name) || written.startsWith(name + ":"))
                .findFirst());
  }
}

package dev.kafkacloudberry.database;

import dev.kafkacloudberry.text.Excerpt;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What the database says of a row that it refuses.
 *
 * @param reason its message in one line, of bounded length, with the column
 * @param kind what was wrong, without the values of the row: refusals are counted by it
 * @param mayPass others of the same load may make the row acceptable
 */
public record Refusal(String sqlState, String reason, String kind, boolean mayPass) {

  private static final int MOST_CHARS = 500;

  private static final Set<String> CLASSES =
      Set.of(
          "22", // data exception
          "23", // integrity constraint violation
          "P0"); // an exception that a trigger raises

  /** What the database itself uses of the classes that the standard leaves free. */
  private static final Set<String> SYSTEM_CLASSES = Set.of("53", "54", "55", "57", "58", "72");

  private static final Set<String> STATES =
      Set.of(
          "54000", // a value too long for an index
          "54001"); // a value nested too deeply

  /** Of these classes, but of no row's making. */
  private static final Set<String> NOT_OF_ROWS =
      Set.of(
          "2200H", // a sequence is exhausted
          "22P04"); // the file does not fit the COPY

  /** What the text of some types may lead to, such as tsquery or regclass. */
  private static final Set<String> OF_TEXTS =
      Set.of(
          "42601", // syntax error
          "42602", // invalid name
          "42704", // undefined object
          "42725", // ambiguous function
          "42883", // undefined function
          "42P01", // undefined table
          "3F000"); // invalid schema name

  private static final String FOREIGN_KEY_VIOLATION = "23503";

  /** Whether the database has refused rows for what is in them, and would take others. */
  public static boolean is(SQLException failure) {
    return serverMessage(failure)
        .map(message -> isOfRows(failure.getSQLState(), CopyContext.of(message.getWhere())))
        .orElse(false);
  }

  private static boolean isOfRows(String state, CopyContext context) {
    if (state == null || state.length() != 5 || NOT_OF_ROWS.contains(state)) {
      return false;
    }
    String stateClass = state.substring(0, 2);
    return CLASSES.contains(stateClass)
        || STATES.contains(state)
        || OF_TEXTS.contains(state) && context.column().isPresent()
        || isOfUsers(stateClass);
  }

  /** The classes that the standard leaves to users begin with 5 to 9 and I to Z. */
  private static boolean isOfUsers(String stateClass) {
    char first = stateClass.charAt(0);
    return (first >= '5' && first <= '9' || first >= 'I' && first <= 'W' || first > 'X')
        && !SYSTEM_CLASSES.contains(stateClass);
  }

  /**
   * @param failure for which {@link #is} holds
   * @param load what the rows are of
   */
  static Refusal of(SQLException failure, Load load) {
    String state = failure.getSQLState();
    ServerErrorMessage message = serverMessage(failure).orElseThrow();
    CopyContext context = CopyContext.of(message.getWhere());
    Optional<String> column =
        Optional.ofNullable(message.getColumn()).or(() -> context.columnOf(load.columns()));
    String text = Excerpt.of(String.valueOf(message.getMessage()), MOST_CHARS);
    return new Refusal(
        state,
        column
                .map("Column \"%s\": "::formatted)
                .filter(prefix -> message.getConstraint() == null)
                .orElse("")
            + text
            + Optional.ofNullable(message.getDetail())
                .map(detail -> ": " + Excerpt.of(detail, MOST_CHARS))
                .orElse(""),
        "SQLSTATE %s, %s"
            .formatted(
                state,
                Optional.ofNullable(message.getConstraint())
                    .map("constraint \"%s\""::formatted)
                    .or(() -> column.map("column \"%s\""::formatted))
                    .orElseGet(() -> Excerpt.of(text))),
        state.equals(FOREIGN_KEY_VIOLATION) || state.startsWith("P0") || context.isOfFunction());
  }

  /** The number of the row in its COPY, from 1, where the database says it. */
  static OptionalLong row(SQLException failure) {
    return serverMessage(failure)
        .map(message -> CopyContext.of(message.getWhere()).row())
        .orElse(OptionalLong.empty());
  }

  private static Optional<ServerErrorMessage> serverMessage(SQLException failure) {
    return failure instanceof PSQLException server
        ? Optional.ofNullable(server.getServerErrorMessage())
        : Optional.empty();
  }
}

package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableException;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;

/**
 * Gives the bare NULLs of {@code INSERT INTO ... VALUES} the types of the columns that they go
 * into. PostgreSQL does so by itself; Flink refuses them before a connector sees the statement.
 *
 * <p>Everything else stays as it is, and so does a statement that is not understood: it is for
 * Flink to say what is wrong with it.
 */
final class TypedNulls {

  private final TableEnvironment tables;

  TypedNulls(TableEnvironment tables) {
    this.tables = tables;
  }

  /** The statement with a {@code CAST} around each of these NULLs, on the line where it stands. */
  String in(String statement) {
    SqlTokens tokens = new SqlTokens(statement);
    while (tokens.takeIf("EXPLAIN") || tokens.takeIf("PLAN") || tokens.takeIf("FOR")) {
      // An INSERT that is explained is one.
    }
    if (!tokens.takeIf("INSERT") || !(tokens.takeIf("INTO") || tokens.takeIf("OVERWRITE"))) {
      return statement;
    }
    Optional<ResolvedSchema> table = path(tokens).flatMap(this::schema);
    if (tokens.peek().isHint()) {
      tokens.take();
    }
    Optional<List<String>> named = columnList(tokens);
    if (table.isEmpty() || named.isEmpty() || !tokens.takeIf("VALUES")) {
      return statement;
    }
    List<Optional<Column>> columns =
        named.get().isEmpty()
            ? table.get().getColumns().stream()
                .filter(Column::isPersisted)
                .map(Optional::of)
                .toList()
            : named.get().stream().map(name -> table.get().getColumn(name)).toList();
    return typed(statement, tokens, columns);
  }

  private static Optional<String> path(SqlTokens tokens) {
    List<String> names = new ArrayList<>();
    do {
      Token name = tokens.take();
      if (!name.isName()) {
        return Optional.empty();
      }
      names.add(SqlNames.quoted(name.name()));
    } while (tokens.takeIf("."));
    return Optional.of(String.join(".", names));
  }

  private Optional<ResolvedSchema> schema(String path) {
    try {
      return Optional.of(tables.from(path).getResolvedSchema());
    } catch (ValidationException e) {
      return Optional.empty();
    }
  }

  /** The columns that the INSERT names, none if it has no list; empty if it is no list of names. */
  private static Optional<List<String>> columnList(SqlTokens tokens) {
    List<String> names = new ArrayList<>();
    if (!tokens.takeIf("(")) {
      return Optional.of(names);
    }
    do {
      Token name = tokens.take();
      if (!name.isName()) {
        return Optional.empty();
      }
      names.add(name.name());
    } while (tokens.takeIf(","));
    return tokens.takeIf(")") ? Optional.of(names) : Optional.empty();
  }

  private static String typed(String statement, SqlTokens tokens, List<Optional<Column>> columns) {
    StringBuilder typed = new StringBuilder();
    int copied = 0;
    int depth = 0;
    int field = 0;
    Token before = tokens.peek();
    while (!tokens.isAtEnd()) {
      Token token = tokens.take();
      boolean isWholeField = before.is("(") || before.is(",");
      if (depth == 1
          && isWholeField
          && token.is("NULL")
          && (tokens.peek().is(",") || tokens.peek().is(")"))
          && field < columns.size()) {
        Optional<String> type = columns.get(field).flatMap(TypedNulls::type);
        if (type.isPresent()) {
          typed.append(statement, copied, token.start()).append("CAST(NULL AS ");
          typed.append(type.get()).append(')');
          copied = token.end();
        }
      }
      if (token.is("(")) {
        depth++;
        field = depth == 1 ? 0 : field;
      } else if (token.is(")")) {
        depth--;
      } else if (token.is(",") && depth == 1) {
        field++;
      }
      before = token;
    }
    return typed.append(statement, copied, statement.length()).toString();
  }

  private static Optional<String> type(Column column) {
    try {
      return Optional.of(column.getDataType().getLogicalType().copy(true).asSerializableString());
    } catch (TableException e) {
      // A type that SQL has no name for.
      return Optional.empty();
    }
  }
}

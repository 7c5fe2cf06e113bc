package dev.kafkacloudberry.kafka;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NOT_NULL;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;

/**
 * What is fetched, written as an expression in place of the predicates that it was found for. The
 * planner keeps it in its plan, where EXPLAIN shows it, and hands it to every source that it makes
 * anew for the plan, of a compiled one or of two scans that become one.
 *
 * <p>The predicates themselves would not do: Flink resolves their columns anew as well, and knows
 * only those of the message then.
 */
final class SelectionExpression {

  private static final String PREFIX = "fetched: ";

  private static final Pattern PART =
      Pattern.compile(
          "(?:every partition|partition (?<one>\\d+)|partitions (?<first>\\d+) to (?<last>\\d+)"
              + "|partitions from (?<from>\\d+)): (?<ranges>[^;]+?)(?: since (?<since>-?\\d+) ms)?"
              + "(?:; |$)");

  private static final Pattern RANGE = Pattern.compile("\\[(\\d+), (\\d+|∞)\\)");

  private SelectionExpression() {}

  static ResolvedExpression of(TopicSelection selection) {
    return CallExpression.permanent(
        IS_NOT_NULL,
        List.of(new ValueLiteralExpression(PREFIX + selection)),
        DataTypes.BOOLEAN().notNull());
  }

  /** The selection, empty if the expression is a predicate of a query. */
  static Optional<TopicSelection> read(ResolvedExpression expression) {
    return expression instanceof CallExpression call
            && call.getFunctionDefinition() == IS_NOT_NULL
            && call.getResolvedChildren().get(0) instanceof ValueLiteralExpression literal
        ? literal
            .getValueAs(String.class)
            .filter(text -> text.startsWith(PREFIX))
            .map(text -> selection(text.substring(PREFIX.length())))
        : Optional.empty();
  }

  private static TopicSelection selection(String text) {
    TopicSelection selection = TopicSelection.NONE;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      selection =
          selection.or(
              TopicSelection.ofPartitions(partitions(part)).and(TopicSelection.ofAll(all(part))));
    }
    return selection;
  }

  private static OffsetRanges partitions(Matcher part) {
    if (part.group("one") != null) {
      long one = Long.parseLong(part.group("one"));
      return OffsetRanges.of(one, one + 1);
    }
    if (part.group("first") != null) {
      return OffsetRanges.of(
          Long.parseLong(part.group("first")), Long.parseLong(part.group("last")) + 1);
    }
    return part.group("from") == null
        ? OffsetRanges.ALL
        : OffsetRanges.of(Long.parseLong(part.group("from")), OffsetRanges.Range.UNBOUNDED);
  }

  private static Selection all(Matcher part) {
    OffsetRanges offsets = OffsetRanges.NONE;
    Matcher range = RANGE.matcher(part.group("ranges"));
    while (range.find()) {
      long to =
          range.group(2).equals("∞")
              ? OffsetRanges.Range.UNBOUNDED
              : Long.parseLong(range.group(2));
      offsets = offsets.or(OffsetRanges.of(Long.parseLong(range.group(1)), to));
    }
    String since = part.group("since");
    return new Selection(offsets, since == null ? Selection.ANY_TIME : Long.parseLong(since));
  }
}

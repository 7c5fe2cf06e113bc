package dev.kafkacloudberry.kafka;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NOT_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;

/**
 * Finds the messages that a predicate can match.
 *
 * <p>A message matches where the predicate is true. NOT is pushed inward to the comparisons, so a
 * comparison with NULL, which is neither true nor false, matches nothing on either side of a NOT.
 */
final class PredicateAnalysis {

  private static final Map<FunctionDefinition, Comparison> COMPARISONS =
      Map.of(
          EQUALS, Comparison.EQUAL,
          NOT_EQUALS, Comparison.NOT_EQUAL,
          LESS_THAN, Comparison.LESS,
          LESS_THAN_OR_EQUAL, Comparison.LESS_OR_EQUAL,
          GREATER_THAN, Comparison.GREATER,
          GREATER_THAN_OR_EQUAL, Comparison.GREATER_OR_EQUAL);

  private final Operands operands;

  /**
   * @param columns the names of the columns that hold a message's position
   * @param clock of the planner, with the session's time zone
   */
  PredicateAnalysis(Map<String, MessagePosition> columns, Clock clock) {
    this.operands = new Operands(columns, new EarliestTime(clock));
  }

  Match analyze(ResolvedExpression predicate) {
    return SelectionExpression.read(predicate)
        .map(selection -> new Match(selection, true))
        .orElseGet(() -> analyze(predicate, false));
  }

  private Match analyze(ResolvedExpression predicate, boolean negated) {
    if (predicate instanceof CallExpression call) {
      return analyze(call, call.getResolvedChildren(), negated);
    }
    if (predicate instanceof ValueLiteralExpression literal) {
      return literal
          .getValueAs(Boolean.class)
          .map(truth -> truth == negated ? Match.NONE : Match.ALL)
          .orElse(literal.isNull() ? Match.NONE : Match.UNKNOWN);
    }
    return Match.UNKNOWN;
  }

  private Match analyze(CallExpression call, List<ResolvedExpression> arguments, boolean negated) {
    FunctionDefinition function = call.getFunctionDefinition();
    Comparison comparison = COMPARISONS.get(function);
    if (comparison != null) {
      return compare(
          negated ? comparison.negated() : comparison, arguments.get(0), arguments.get(1));
    }
    if (function == NOT) {
      return analyze(arguments.get(0), !negated);
    }
    if (function == AND || function == OR) {
      return all(arguments, (function == AND) != negated, argument -> analyze(argument, negated));
    }
    if (function == IN) {
      ResolvedExpression needle = arguments.get(0);
      Comparison each = negated ? Comparison.NOT_EQUAL : Comparison.EQUAL;
      return all(
          arguments.subList(1, arguments.size()), negated, value -> compare(each, needle, value));
    }
    if (function == BETWEEN || function == NOT_BETWEEN) {
      return between(arguments, (function == NOT_BETWEEN) != negated);
    }
    if (function == IS_NULL || function == IS_NOT_NULL) {
      if (operands.position(arguments.get(0)).filter(p -> keeps(arguments.get(0), p)).isEmpty()) {
        return Match.UNKNOWN;
      }
      return (function == IS_NULL) == negated ? Match.ALL : Match.NONE;
    }
    return Match.UNKNOWN;
  }

  private Match between(List<ResolvedExpression> arguments, boolean negated) {
    ResolvedExpression value = arguments.get(0);
    Match low =
        compare(negated ? Comparison.LESS : Comparison.GREATER_OR_EQUAL, value, arguments.get(1));
    Match high =
        compare(negated ? Comparison.GREATER : Comparison.LESS_OR_EQUAL, value, arguments.get(2));
    return negated ? low.or(high) : low.and(high);
  }

  private Match compare(Comparison comparison, ResolvedExpression left, ResolvedExpression right) {
    Optional<MessagePosition> position = operands.position(left);
    if (position.isEmpty()) {
      return operands.position(right).isPresent()
          ? compare(comparison.mirrored(), right, left)
          : Match.UNKNOWN;
    }
    if (operands.isNull(right)) {
      return Match.NONE;
    }
    return operands
        .constant(right)
        .filter(constant -> operands.isExactlyComparable(left, right, constant))
        .map(comparison::numbers)
        .map(numbers -> match(left, position.get(), numbers))
        .orElse(Match.UNKNOWN);
  }

  private Match match(ResolvedExpression column, MessagePosition position, OffsetRanges numbers) {
    boolean keeps = keeps(column, position);
    // What is too large for a cast becomes any number, or NULL.
    OffsetRanges matching =
        keeps
            ? numbers
            : numbers.or(
                OffsetRanges.of(operands.largest(column) + 1, OffsetRanges.Range.UNBOUNDED));
    return switch (position) {
      case PARTITION -> new Match(TopicSelection.ofPartitions(matching), keeps);
      case OFFSET ->
          new Match(TopicSelection.ofAll(new Selection(matching, Selection.ANY_TIME)), keeps);
      case TIMESTAMP -> new Match(TopicSelection.ofAll(since(matching)), false);
    };
  }

  private boolean keeps(ResolvedExpression column, MessagePosition position) {
    return operands.largest(column) >= position.largest();
  }

  /**
   * Timestamps need not ascend, so only the beginning can be cut off: before the first message of a
   * time or later there are none as late. Behind the last that is early enough there is no such
   * border, an earlier one may follow any time.
   */
  private static Selection since(OffsetRanges times) {
    // No time from 1970 on is a time before it: that of a message without a timestamp, perhaps.
    boolean isAnywhere = times.isEmpty() || times.hull().from() == 0;
    return isAnywhere ? Selection.ALL : new Selection(OffsetRanges.ALL, times.hull().from());
  }

  private static Match all(
      List<ResolvedExpression> expressions,
      boolean conjunction,
      Function<ResolvedExpression, Match> analysis) {
    List<Match> matches = expressions.stream().map(analysis).toList();
    return conjunction
        ? balanced(matches, Match.ALL, Match::and)
        : balanced(matches, Match.NONE, Match::or);
  }

  /** One by one, an IN list would cost the square of its length. */
  private static Match balanced(
      List<Match> matches, Match neutral, BinaryOperator<Match> operator) {
    if (matches.size() <= 1) {
      return matches.isEmpty() ? neutral : matches.get(0);
    }
    int middle = matches.size() / 2;
    return operator.apply(
        balanced(matches.subList(0, middle), neutral, operator),
        balanced(matches.subList(middle, matches.size()), neutral, operator));
  }
}

package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.Predicates.call;
import static dev.kafkacloudberry.kafka.Predicates.literal;
import static dev.kafkacloudberry.kafka.Predicates.nullOf;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LIKE;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.junit.jupiter.api.Test;

/** Random predicates, analyzed and evaluated message by message. */
class RandomPredicatesTest {

  private static final int PARTITIONS = 4;
  private static final int OFFSETS = 12;
  private static final int PREDICATES = 20_000;
  private static final List<BuiltInFunctionDefinition> COMPARISONS =
      List.of(
          EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL);

  private record Message(int partition, long offset, long timestamp) {}

  /** A predicate as the planner hands it over, and what it is: TRUE, FALSE or, as null, unknown. */
  private record Predicate(ResolvedExpression expression, Evaluation evaluation) {}

  private interface Evaluation {
    Boolean of(Message message);
  }

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @Test
  void noMatchIsLeftOutAndAnExactAnalysisHoldsNothingElse() {
    PredicateAnalysis analysis = new PredicateAnalysis(Predicates.COLUMNS, Predicates.CLOCK);
    List<List<Message>> topic = topic();
    for (int i = 0; i < PREDICATES; i++) {
      Predicate predicate = predicate(random.nextInt(5));
      Match match = analysis.analyze(predicate.expression());
      for (List<Message> partition : topic) {
        for (Message message : partition) {
          boolean isMatch = Boolean.TRUE.equals(predicate.evaluation().of(message));
          boolean isRead = isRead(message, partition, match.selection().of(message.partition()));
          assertThat(isRead)
              .as("-Dseed=%d: %s of %s", seed, predicate.expression(), message)
              .isEqualTo(match.isExact() ? isMatch : isMatch || isRead);
        }
      }
    }
  }

  @Test
  void whatThePlanKeepsYieldsTheSameRanges() {
    PredicateAnalysis analysis = new PredicateAnalysis(Predicates.COLUMNS, Predicates.CLOCK);
    for (int i = 0; i < PREDICATES; i++) {
      ResolvedExpression predicate = predicate(random.nextInt(5)).expression();
      TopicSelection selection = analysis.analyze(predicate).selection();

      assertThat(analysis.analyze(SelectionExpression.of(selection)))
          .as("-Dseed=%d: %s", seed, predicate)
          .isEqualTo(new Match(selection, true));
    }
  }

  private static boolean isRead(Message message, List<Message> partition, Selection selection) {
    return selection.offsets().rangeOf(message.offset()).isPresent()
        && partition.stream()
            .limit(message.offset() + 1)
            .anyMatch(earlier -> earlier.timestamp() >= selection.since());
  }

  private List<List<Message>> topic() {
    List<List<Message>> topic = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      List<Message> messages = new ArrayList<>();
      for (int offset = 0; offset < OFFSETS; offset++) {
        messages.add(new Message(partition, offset, offset + random.nextInt(4)));
      }
      topic.add(messages);
    }
    return topic;
  }

  private Predicate predicate(int depth) {
    if (depth == 0) {
      return leaf();
    }
    Predicate left = predicate(depth - 1);
    Predicate right = predicate(random.nextInt(depth));
    return switch (random.nextInt(3)) {
      case 0 ->
          new Predicate(
              call(AND, left.expression(), right.expression()),
              message -> and(left.evaluation().of(message), right.evaluation().of(message)));
      case 1 ->
          new Predicate(
              call(OR, left.expression(), right.expression()),
              message ->
                  not(
                      and(
                          not(left.evaluation().of(message)),
                          not(right.evaluation().of(message)))));
      default ->
          new Predicate(
              call(NOT, left.expression()), message -> not(left.evaluation().of(message)));
    };
  }

  private Predicate leaf() {
    if (random.nextInt(20) == 0) {
      return new Predicate(
          call(LIKE, Predicates.column("some_text", DataTypes.STRING()), literal("a")),
          message -> message.offset() % 2 == 0);
    }
    MessagePosition position =
        MessagePosition.values()[random.nextInt(MessagePosition.values().length)];
    return switch (random.nextInt(4)) {
      case 0 -> between(position);
      case 1 -> in(position);
      default -> comparison(position);
    };
  }

  private Predicate comparison(MessagePosition position) {
    BuiltInFunctionDefinition function = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
    BigDecimal constant = constant();
    boolean left = random.nextBoolean();
    ResolvedExpression column = column(position);
    ResolvedExpression literal = literalOf(position, constant);
    return new Predicate(
        left ? call(function, literal, column) : call(function, column, literal),
        message -> {
          BigDecimal value = value(position, message);
          return left ? compare(function, constant, value) : compare(function, value, constant);
        });
  }

  private Predicate between(MessagePosition position) {
    BigDecimal low = constant();
    BigDecimal high = constant();
    boolean negated = random.nextBoolean();
    return new Predicate(
        call(
            negated ? NOT_BETWEEN : BETWEEN,
            column(position),
            literalOf(position, low),
            literalOf(position, high)),
        message -> {
          BigDecimal value = value(position, message);
          Boolean between =
              and(
                  compare(GREATER_THAN_OR_EQUAL, value, low),
                  compare(LESS_THAN_OR_EQUAL, value, high));
          return negated ? not(between) : between;
        });
  }

  private Predicate in(MessagePosition position) {
    List<BigDecimal> values = new ArrayList<>();
    List<ResolvedExpression> arguments = new ArrayList<>(List.of(column(position)));
    for (int i = random.nextInt(4); i >= 0; i--) {
      values.add(constant());
      arguments.add(literalOf(position, values.get(values.size() - 1)));
    }
    return new Predicate(
        call(IN, arguments.toArray(ResolvedExpression[]::new)),
        message -> {
          Boolean none = true;
          for (BigDecimal value : values) {
            none = and(none, compare(NOT_EQUALS, value(position, message), value));
          }
          return not(none);
        });
  }

  /** From below the grid to beyond it, whole or halved, sometimes NULL. */
  private BigDecimal constant() {
    return random.nextInt(15) == 0
        ? null
        : BigDecimal.valueOf((random.nextInt(2 * OFFSETS + 10) - 5) * 5L, 1);
  }

  private ResolvedExpression column(MessagePosition position) {
    ResolvedExpression column =
        switch (position) {
          case PARTITION -> Predicates.PART;
          case OFFSET -> Predicates.OFFS;
          case TIMESTAMP -> Predicates.TS;
        };
    // Every number of this topic fits.
    boolean isCast = position != MessagePosition.TIMESTAMP && random.nextInt(5) == 0;
    return isCast ? Predicates.cast(column, DataTypes.TINYINT()) : column;
  }

  private static ResolvedExpression literalOf(MessagePosition position, BigDecimal constant) {
    if (position != MessagePosition.TIMESTAMP) {
      return constant == null ? nullOf(DataTypes.DECIMAL(3, 1)) : Predicates.literal(constant);
    }
    return constant == null
        ? nullOf(DataTypes.TIMESTAMP_LTZ(6))
        : Predicates.literal(Instant.EPOCH.plusNanos(constant.movePointRight(6).longValueExact()));
  }

  private static BigDecimal value(MessagePosition position, Message message) {
    return BigDecimal.valueOf(
        switch (position) {
          case PARTITION -> message.partition();
          case OFFSET -> message.offset();
          case TIMESTAMP -> message.timestamp();
        });
  }

  private static Boolean compare(
      BuiltInFunctionDefinition function, BigDecimal left, BigDecimal right) {
    if (left == null || right == null) {
      return null;
    }
    IntPredicate holds =
        List.<IntPredicate>of(
                c -> c == 0, c -> c != 0, c -> c < 0, c -> c <= 0, c -> c > 0, c -> c >= 0)
            .get(COMPARISONS.indexOf(function));
    return holds.test(left.compareTo(right));
  }

  private static Boolean not(Boolean truth) {
    return truth == null ? null : !truth;
  }

  private static Boolean and(Boolean left, Boolean right) {
    if (Boolean.FALSE.equals(left) || Boolean.FALSE.equals(right)) {
      return false;
    }
    return left == null || right == null ? null : Boolean.TRUE;
  }
}

package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.Predicates.OFFS;
import static dev.kafkacloudberry.kafka.Predicates.PART;
import static dev.kafkacloudberry.kafka.Predicates.TS;
import static dev.kafkacloudberry.kafka.Predicates.call;
import static dev.kafkacloudberry.kafka.Predicates.cast;
import static dev.kafkacloudberry.kafka.Predicates.column;
import static dev.kafkacloudberry.kafka.Predicates.in;
import static dev.kafkacloudberry.kafka.Predicates.literal;
import static dev.kafkacloudberry.kafka.Predicates.nullOf;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.AND;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CURRENT_TIMESTAMP;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NOT_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.IS_NULL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.LIKE;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.MINUS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_BETWEEN;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOT_EQUALS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOW;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.OR;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.PLUS;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.stream.LongStream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.junit.jupiter.api.Test;

class PredicateAnalysisTest {

  private static final String EVERYTHING = "every partition: [0, ∞)";
  private static final ResolvedExpression SOMETHING_ELSE =
      call(LIKE, column("some_text", DataTypes.STRING()), literal("a%"));

  @Test
  void theFirstQueryOfTheGuideIsOneRangeOfOnePartition() {
    assertExactly(
        call(AND, call(EQUALS, PART, literal(0)), call(GREATER_THAN, OFFS, literal(1000))),
        "partition 0: [1001, ∞)");
  }

  @Test
  void theSecondQueryOfTheGuideIsARangeForEachOfItsPartitions() {
    assertExactly(
        call(
            OR,
            call(AND, call(EQUALS, PART, literal(0)), call(GREATER_THAN, OFFS, literal(100))),
            call(AND, call(EQUALS, PART, literal(1)), call(GREATER_THAN, OFFS, literal(300))),
            call(AND, call(EQUALS, PART, literal(3)), call(GREATER_THAN, OFFS, literal(700)))),
        "partition 0: [101, ∞); partition 1: [301, ∞); partition 3: [701, ∞)");
  }

  @Test
  void everyComparisonIsUnderstood() {
    assertExactly(call(EQUALS, OFFS, literal(5L)), "every partition: [5, 6)");
    assertExactly(call(NOT_EQUALS, OFFS, literal(5L)), "every partition: [0, 5) [6, ∞)");
    assertExactly(call(LESS_THAN, OFFS, literal(5L)), "every partition: [0, 5)");
    assertExactly(call(LESS_THAN_OR_EQUAL, OFFS, literal(5L)), "every partition: [0, 6)");
    assertExactly(call(GREATER_THAN, OFFS, literal(5L)), "every partition: [6, ∞)");
    assertExactly(call(GREATER_THAN_OR_EQUAL, OFFS, literal(5L)), "every partition: [5, ∞)");
    assertExactly(call(BETWEEN, OFFS, literal(5L), literal(7L)), "every partition: [5, 8)");
    assertExactly(
        call(NOT_BETWEEN, OFFS, literal(5L), literal(7L)), "every partition: [0, 5) [8, ∞)");
    assertExactly(in(OFFS, 7L, 5L, 6L, 5L), "every partition: [5, 8)");
    assertExactly(call(NOT, in(OFFS, 5L, 7L)), "every partition: [0, 5) [6, 7) [8, ∞)");
    assertExactly(
        call(NOT, call(NOT_BETWEEN, PART, literal(1), literal(2))), "partitions 1 to 2: [0, ∞)");
    assertExactly(call(LESS_THAN_OR_EQUAL, PART, literal(1)), "partitions 0 to 1: [0, ∞)");
    assertExactly(call(GREATER_THAN, PART, literal(1)), "partitions from 2: [0, ∞)");
    assertExactly(
        call(NOT_EQUALS, PART, literal(1)), "partition 0: [0, ∞); partitions from 2: [0, ∞)");
  }

  @Test
  void theConstantMayStandOnTheLeft() {
    assertExactly(call(LESS_THAN, literal(5L), OFFS), "every partition: [6, ∞)");
    assertExactly(call(GREATER_THAN_OR_EQUAL, literal(5L), OFFS), "every partition: [0, 6)");
    assertExactly(call(NOT, call(EQUALS, literal(0), PART)), "partitions from 1: [0, ∞)");
  }

  @Test
  void fractionsAreComparedExactly() {
    ResolvedExpression wide = cast(OFFS, DataTypes.DECIMAL(20, 1));
    assertExactly(
        call(GREATER_THAN, wide, literal(new BigDecimal("10.5"))), "every partition: [11, ∞)");
    assertExactly(
        call(LESS_THAN, OFFS, literal(new BigDecimal("10.5"))), "every partition: [0, 11)");
    assertExactly(call(EQUALS, OFFS, literal(new BigDecimal("10.5"))), "nothing");
    assertExactly(call(NOT_EQUALS, OFFS, literal(10.5)), EVERYTHING);
    assertExactly(
        call(EQUALS, cast(OFFS, DataTypes.DOUBLE()), literal(10.0)), "every partition: [10, 11)");
    assertExactly(
        call(LESS_THAN, cast(PART, DataTypes.FLOAT()), literal(1.5f)), "partitions 0 to 1: [0, ∞)");
  }

  @Test
  void whatFloatAndDoubleCannotTellApartStaysAFilter() {
    assertUnknown(call(EQUALS, cast(OFFS, DataTypes.DOUBLE()), literal(0x1p53)));
    assertUnknown(call(EQUALS, cast(OFFS, DataTypes.FLOAT()), literal(0x1p24)));
    assertUnknown(call(GREATER_THAN, OFFS, literal(Double.NaN)));
    assertUnknown(call(LESS_THAN, OFFS, literal(Double.POSITIVE_INFINITY)));
  }

  @Test
  void castsThatKeepTheValueAreSeenThrough() {
    assertExactly(call(EQUALS, cast(PART, DataTypes.BIGINT()), literal(2L)), "partition 2: [0, ∞)");
    assertExactly(
        call(EQUALS, cast(cast(PART, DataTypes.BIGINT()), DataTypes.DECIMAL(19, 0)), literal(2L)),
        "partition 2: [0, ∞)");
    assertExactly(
        call(LESS_THAN, OFFS, cast(literal(5), DataTypes.BIGINT())), "every partition: [0, 5)");
  }

  @Test
  void castsThatChangeTheValueStayAFilter() {
    assertUnknown(call(EQUALS, cast(OFFS, DataTypes.DECIMAL(10, 0)), literal(5L)));
    assertUnknown(call(EQUALS, cast(OFFS, DataTypes.STRING()), literal("5")));
    assertUnknown(call(EQUALS, OFFS, cast(literal(10.5), DataTypes.BIGINT())));
    assertUnknown(call(EQUALS, PART, cast(literal(1L << 32), DataTypes.INT())));
  }

  @Test
  void whatIsTooLargeForACastMayBecomeAnyNumber() {
    assertAtMost(
        call(EQUALS, cast(OFFS, DataTypes.INT()), literal(5)),
        "every partition: [5, 6) [2147483648, ∞)");
    assertAtMost(
        call(LESS_THAN, cast(cast(PART, DataTypes.TINYINT()), DataTypes.INT()), literal(5)),
        "partitions 0 to 4: [0, ∞); partitions from 128: [0, ∞)");
    assertAtMost(
        call(NOT, call(EQUALS, column("offs", DataTypes.SMALLINT()), literal((short) 5))),
        "every partition: [0, 5) [6, ∞)");
    assertUnknown(call(IS_NULL, cast(OFFS, DataTypes.INT())));
  }

  @Test
  void constantsOutsideOfWhatExistsMatchNothingOrEverything() {
    assertExactly(call(EQUALS, PART, literal(1L << 32)), "nothing");
    assertExactly(call(LESS_THAN, PART, literal(1L << 32)), EVERYTHING);
    assertExactly(
        call(EQUALS, PART, literal(Integer.MAX_VALUE)), "partitions from 2147483647: [0, ∞)");
    assertExactly(call(LESS_THAN, OFFS, literal(0L)), "nothing");
    assertExactly(call(GREATER_THAN, OFFS, literal(-1L)), EVERYTHING);
    assertExactly(call(GREATER_THAN, OFFS, literal(Long.MAX_VALUE)), "nothing");
    assertExactly(
        call(LESS_THAN, OFFS, literal(new BigDecimal("99999999999999999999"))), EVERYTHING);
  }

  @Test
  void comparedWithNullNothingMatchesNotEvenTheOpposite() {
    ResolvedExpression unknown = call(EQUALS, PART, nullOf(DataTypes.INT()));
    assertExactly(unknown, "nothing");
    assertExactly(call(NOT, unknown), "nothing");
    assertExactly(nullOf(DataTypes.BOOLEAN()), "nothing");
    assertExactly(call(NOT, nullOf(DataTypes.BOOLEAN())), "nothing");
    assertExactly(call(IN, PART, literal(1), nullOf(DataTypes.INT())), "partition 1: [0, ∞)");
    assertExactly(call(NOT, call(IN, PART, literal(1), nullOf(DataTypes.INT()))), "nothing");
    assertExactly(
        call(NOT_BETWEEN, OFFS, literal(5L), cast(nullOf(DataTypes.INT()), DataTypes.BIGINT())),
        "every partition: [0, 5)");
  }

  @Test
  void thePositionIsNeverNull() {
    assertExactly(call(IS_NULL, OFFS), "nothing");
    assertExactly(call(NOT, call(IS_NULL, PART)), EVERYTHING);
    assertExactly(call(IS_NOT_NULL, cast(PART, DataTypes.BIGINT())), EVERYTHING);
    assertExactly(call(NOT, call(IS_NOT_NULL, TS)), "nothing");
    assertUnknown(call(IS_NULL, column("some_text", DataTypes.STRING())));
  }

  @Test
  void literalsOfTruthAreUnderstood() {
    assertExactly(literal(true), EVERYTHING);
    assertExactly(literal(false), "nothing");
    assertExactly(call(NOT, literal(false)), EVERYTHING);
    assertExactly(call(AND, literal(false), call(EQUALS, PART, literal(1))), "nothing");
  }

  @Test
  void contradictionsMatchNothing() {
    assertExactly(
        call(AND, call(EQUALS, PART, literal(0)), call(EQUALS, PART, literal(1))), "nothing");
    assertExactly(
        call(AND, call(GREATER_THAN, OFFS, literal(9)), call(LESS_THAN, OFFS, literal(3))),
        "nothing");
  }

  @Test
  void whatIsNotUnderstoodRestrictsNothingAndSpoilsNoRestriction() {
    ResolvedExpression partition = call(EQUALS, PART, literal(1));
    assertUnknown(SOMETHING_ELSE);
    assertUnknown(call(NOT, SOMETHING_ELSE));
    assertUnknown(call(EQUALS, OFFS, PART));
    assertUnknown(call(OR, partition, SOMETHING_ELSE));
    assertAtMost(call(AND, partition, SOMETHING_ELSE), "partition 1: [0, ∞)");
    assertAtMost(
        call(NOT, call(OR, partition, SOMETHING_ELSE)),
        "partition 0: [0, ∞); partitions from 2: [0, ∞)");
  }

  @Test
  void theBeginningOfATimeIsSoughtButNotItsEnd() {
    ResolvedExpression time = literal(Instant.ofEpochMilli(5000));
    assertAtMost(call(GREATER_THAN_OR_EQUAL, TS, time), "every partition: [0, ∞) since 5000 ms");
    assertAtMost(call(GREATER_THAN, TS, time), "every partition: [0, ∞) since 5001 ms");
    assertAtMost(call(EQUALS, TS, time), "every partition: [0, ∞) since 5000 ms");
    assertAtMost(call(LESS_THAN, TS, time), EVERYTHING);
    assertAtMost(
        call(GREATER_THAN, TS, literal(Instant.ofEpochSecond(5, 300_000))),
        "every partition: [0, ∞) since 5001 ms");
    assertAtMost(call(GREATER_THAN, TS, literal(Instant.ofEpochMilli(-5))), EVERYTHING);
    // A message without a timestamp is of -1 ms.
    assertAtMost(call(LESS_THAN, TS, literal(Instant.EPOCH)), EVERYTHING);
    assertAtMost(call(EQUALS, TS, literal(Instant.ofEpochMilli(-1))), EVERYTHING);
  }

  @Test
  void aTimeWithoutAZoneIsTheEarliestThatItCanBeInTheZoneOfTheSession() {
    assertSince("2025-07-01T12:00", "2025-07-01T10:00:00Z");
    assertSince("2025-10-26T02:30", "2025-10-26T00:30:00Z"); // twice
    assertSince("2025-03-30T02:30", "2025-03-30T00:30:00Z"); // never
    ResolvedExpression local = cast(TS, DataTypes.TIMESTAMP(3));
    ResolvedExpression instant = literal(Instant.ofEpochMilli(5000));
    assertUnknown(call(GREATER_THAN, local, instant));
    assertUnknown(call(GREATER_THAN, cast(local, DataTypes.TIMESTAMP_LTZ(3)), instant));
    assertUnknown(call(GREATER_THAN, cast(TS, DataTypes.TIMESTAMP(0)), instant));
  }

  private static void assertSince(String local, String instant) {
    ResolvedExpression time = literal(LocalDateTime.parse(local));
    String since =
        "every partition: [0, ∞) since %d ms".formatted(Instant.parse(instant).toEpochMilli());
    assertAtMost(call(GREATER_THAN_OR_EQUAL, TS, time), since);
    assertAtMost(call(EQUALS, cast(TS, DataTypes.TIMESTAMP(3)), time), since);
  }

  @Test
  void theTimeOfTheQueryMayBeAMinuteEarlierAndHaveIntervals() {
    ResolvedExpression now = call(DataTypes.TIMESTAMP_LTZ(3), NOW);
    ResolvedExpression hours = literal(Duration.ofHours(2));
    long earliest = Instant.parse("2026-01-02T01:03:00Z").toEpochMilli();
    assertAtMost(
        call(LESS_THAN_OR_EQUAL, call(DataTypes.TIMESTAMP_LTZ(3), MINUS, now, hours), TS),
        "every partition: [0, ∞) since %d ms".formatted(earliest));
    assertAtMost(
        call(
            GREATER_THAN_OR_EQUAL,
            TS,
            call(
                DataTypes.TIMESTAMP_LTZ(3),
                PLUS,
                call(DataTypes.TIMESTAMP_LTZ(3), CURRENT_TIMESTAMP),
                hours)),
        "every partition: [0, ∞) since %d ms".formatted(earliest + Duration.ofHours(4).toMillis()));
    assertUnknown(
        call(
            GREATER_THAN,
            TS,
            call(
                DataTypes.TIMESTAMP_LTZ(3),
                MINUS,
                now,
                column("b", DataTypes.INTERVAL(DataTypes.SECOND(3))))));
  }

  @Test
  void timesCombineWithPartitionsAndOffsets() {
    ResolvedExpression early = call(GREATER_THAN_OR_EQUAL, TS, literal(Instant.ofEpochMilli(10)));
    ResolvedExpression late = call(GREATER_THAN_OR_EQUAL, TS, literal(Instant.ofEpochMilli(20)));
    ResolvedExpression first = call(EQUALS, PART, literal(0));
    assertAtMost(call(AND, early, late), "every partition: [0, ∞) since 20 ms");
    assertAtMost(call(OR, early, late), "every partition: [0, ∞) since 10 ms");
    assertAtMost(call(AND, late, first), "partition 0: [0, ∞) since 20 ms");
    assertAtMost(
        call(OR, late, first), "partition 0: [0, ∞); partitions from 1: [0, ∞) since 20 ms");
    assertAtMost(
        call(AND, first, call(OR, late, call(EQUALS, OFFS, literal(7L)))), "partition 0: [0, ∞)");
  }

  @Test
  void longListsTakeNoLongTime() {
    Object[] even = LongStream.range(0, 20_000).mapToObj(i -> 2 * i).toArray();
    assertThat(analyze(call(NOT, in(OFFS, even))).selection().of(0).offsets().ranges())
        .hasSize(20_000);
  }

  private static void assertExactly(ResolvedExpression predicate, String selection) {
    assertMatch(predicate, selection, true);
  }

  private static void assertAtMost(ResolvedExpression predicate, String selection) {
    assertMatch(predicate, selection, false);
  }

  private static void assertUnknown(ResolvedExpression predicate) {
    assertMatch(predicate, EVERYTHING, false);
  }

  private static void assertMatch(ResolvedExpression predicate, String selection, boolean exact) {
    Match match = analyze(predicate);
    assertThat(match.selection()).as("%s", predicate).hasToString(selection);
    assertThat(match.isExact()).as("%s is exact", predicate).isEqualTo(exact);
  }

  private static Match analyze(ResolvedExpression predicate) {
    return new PredicateAnalysis(Predicates.COLUMNS, Predicates.CLOCK).analyze(predicate);
  }
}

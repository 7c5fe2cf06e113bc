package dev.kafkacloudberry.kafka;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CURRENT_TIMESTAMP;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.MINUS;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.NOW;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.PLUS;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * The constants that a message's timestamp is compared with, in milliseconds since 1970. Where a
 * query leaves open which moment is meant, it is the earliest.
 *
 * @param clock of the planner, with the session's time zone
 */
record EarliestTime(Clock clock) {

  /** How far the clocks of the machines that plan and run a query may differ. */
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** Empty for anything but a time and sums of a time and an interval without months. */
  Optional<BigDecimal> of(ResolvedExpression expression) {
    if (expression instanceof ValueLiteralExpression literal) {
      return instant(literal).map(EarliestTime::milliseconds);
    }
    if (!(expression instanceof CallExpression call)) {
      return Optional.empty();
    }
    FunctionDefinition function = call.getFunctionDefinition();
    if (function == CURRENT_TIMESTAMP || function == NOW) {
      return Optional.of(milliseconds(now()));
    }
    List<ResolvedExpression> arguments = call.getResolvedChildren();
    if (function == PLUS) {
      return of(arguments.get(0)).flatMap(time -> interval(arguments.get(1)).map(i -> time.add(i)));
    }
    if (function == MINUS) {
      return of(arguments.get(0))
          .flatMap(time -> interval(arguments.get(1)).map(i -> time.subtract(i)));
    }
    return Optional.empty();
  }

  private Optional<Instant> instant(ValueLiteralExpression literal) {
    return switch (literal.getOutputDataType().getLogicalType().getTypeRoot()) {
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> literal.getValueAs(Instant.class);
      case TIMESTAMP_WITHOUT_TIME_ZONE -> literal.getValueAs(LocalDateTime.class).map(this::first);
      default -> Optional.empty();
    };
  }

  /** When the clocks are turned back, a time comes twice; when they are turned on, not at all. */
  private Instant first(LocalDateTime time) {
    ZoneRules zone = clock.getZone().getRules();
    ZoneOffsetTransition turn = zone.getTransition(time);
    if (turn == null) {
      return time.toInstant(zone.getOffset(time));
    }
    ZoneOffset before = turn.getOffsetBefore();
    ZoneOffset after = turn.getOffsetAfter();
    return time.toInstant(before.getTotalSeconds() > after.getTotalSeconds() ? before : after);
  }

  /** Whole minutes, so that two scans of one query are planned for the same time. */
  private Instant now() {
    return clock.instant().minus(CLOCK_SKEW).truncatedTo(ChronoUnit.MINUTES);
  }

  private static Optional<BigDecimal> interval(ResolvedExpression expression) {
    return expression instanceof ValueLiteralExpression literal
            && literal.getOutputDataType().getLogicalType().is(LogicalTypeRoot.INTERVAL_DAY_TIME)
        ? literal.getValueAs(Duration.class).map(Duration::toMillis).map(BigDecimal::valueOf)
        : Optional.empty();
  }

  private static BigDecimal milliseconds(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .movePointRight(3)
        .add(BigDecimal.valueOf(instant.getNano(), 6));
  }
}

package dev.kafkacloudberry.kafka;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Compares a whole number, at least 0, with a constant. */
enum Comparison {
  EQUAL,
  NOT_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  GREATER,
  GREATER_OR_EQUAL;

  private static final BigDecimal LIMIT = BigDecimal.valueOf(OffsetRanges.Range.UNBOUNDED);

  /** The comparison that is true where this one is false. */
  Comparison negated() {
    return switch (this) {
      case EQUAL -> NOT_EQUAL;
      case NOT_EQUAL -> EQUAL;
      case LESS -> GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> GREATER;
      case GREATER -> LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> LESS;
    };
  }

  /** The comparison with its sides exchanged. */
  Comparison mirrored() {
    return switch (this) {
      case LESS -> GREATER;
      case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
      case GREATER -> LESS;
      case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      default -> this;
    };
  }

  /** The numbers for which this comparison with a constant is true. */
  OffsetRanges numbers(BigDecimal constant) {
    long notBelow = clamped(constant.setScale(0, RoundingMode.CEILING));
    long above = clamped(constant.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE));
    return switch (this) {
      // A fraction is nobody's equal: then both bounds are the same.
      case EQUAL -> OffsetRanges.of(notBelow, above);
      case NOT_EQUAL -> LESS.numbers(constant).or(GREATER.numbers(constant));
      case LESS -> OffsetRanges.of(0, notBelow);
      case LESS_OR_EQUAL -> OffsetRanges.of(0, above);
      case GREATER -> OffsetRanges.of(above, OffsetRanges.Range.UNBOUNDED);
      case GREATER_OR_EQUAL -> OffsetRanges.of(notBelow, OffsetRanges.Range.UNBOUNDED);
    };
  }

  private static long clamped(BigDecimal number) {
    return number.max(BigDecimal.ZERO).min(LIMIT).longValueExact();
  }
}

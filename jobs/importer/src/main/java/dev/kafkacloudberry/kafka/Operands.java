package dev.kafkacloudberry.kafka;

import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.CAST;
import static org.apache.flink.table.functions.BuiltInFunctionDefinitions.TRY_CAST;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/**
 * The sides of a comparison: a column or a constant, below casts.
 *
 * @param columns the names of the columns that hold a message's position
 */
record Operands(Map<String, MessagePosition> columns, EarliestTime times) {

  /** The integers below which every integer is a FLOAT, or a DOUBLE, of its own. */
  private static final BigDecimal FLOAT_PRECISION = BigDecimal.valueOf(1L << 24);

  private static final BigDecimal DOUBLE_PRECISION = BigDecimal.valueOf(1L << 53);

  /** What an expression reads from the message, empty if anything else. */
  Optional<MessagePosition> position(ResolvedExpression expression) {
    if (expression instanceof FieldReferenceExpression field) {
      return Optional.ofNullable(columns.get(field.getName()));
    }
    return casted(expression)
        .filter(inner -> isSameClock(inner, expression))
        .flatMap(this::position)
        .filter(position -> position.fits(type(expression)));
  }

  /** Up to which number the types of a column and the casts around it keep its numbers. */
  long largest(ResolvedExpression expression) {
    long here =
        switch (type(expression).getTypeRoot()) {
          case TINYINT -> Byte.MAX_VALUE;
          case SMALLINT -> Short.MAX_VALUE;
          case INTEGER -> Integer.MAX_VALUE;
          default -> Long.MAX_VALUE;
        };
    return casted(expression).map(inner -> Math.min(here, largest(inner))).orElse(here);
  }

  boolean isNull(ResolvedExpression expression) {
    return expression instanceof ValueLiteralExpression literal
        ? literal.isNull()
        : casted(expression).map(this::isNull).orElse(false);
  }

  /** A number, or the {@link EarliestTime}; empty if anything else. */
  Optional<BigDecimal> constant(ResolvedExpression expression) {
    if (type(expression).is(LogicalTypeFamily.TIMESTAMP)) {
      return times.of(expression);
    }
    if (expression instanceof ValueLiteralExpression literal) {
      return literal.getValueAs(Number.class).flatMap(Operands::exact);
    }
    return casted(expression)
        .flatMap(this::constant)
        .filter(constant -> holds(type(expression), constant));
  }

  /**
   * Whether the comparison is as exact as one of whole numbers: FLOAT and DOUBLE tell them apart
   * only up to a limit. If the constant is below it, so is every number that compares equal.
   */
  boolean isExactlyComparable(
      ResolvedExpression left, ResolvedExpression right, BigDecimal constant) {
    return isBelowPrecision(left, constant)
        && isBelowPrecision(right, constant)
        && isSameClock(left, right);
  }

  /** A time without a zone comes twice in the night when clocks are turned back: no way back. */
  private static boolean isSameClock(ResolvedExpression column, ResolvedExpression other) {
    return !type(column).is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE)
        || type(other).is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE);
  }

  private static boolean isBelowPrecision(ResolvedExpression expression, BigDecimal constant) {
    boolean here =
        switch (type(expression).getTypeRoot()) {
          case FLOAT -> constant.abs().compareTo(FLOAT_PRECISION) < 0;
          case DOUBLE -> constant.abs().compareTo(DOUBLE_PRECISION) < 0;
          default -> true;
        };
    return here && casted(expression).map(inner -> isBelowPrecision(inner, constant)).orElse(true);
  }

  private static boolean holds(LogicalType type, BigDecimal constant) {
    return switch (type.getTypeRoot()) {
      case INTEGER -> BigDecimal.valueOf(constant.intValue()).compareTo(constant) == 0;
      case BIGINT -> BigDecimal.valueOf(constant.longValue()).compareTo(constant) == 0;
      case FLOAT -> new BigDecimal(constant.floatValue()).compareTo(constant) == 0;
      case DOUBLE -> new BigDecimal(constant.doubleValue()).compareTo(constant) == 0;
      case DECIMAL -> {
        DecimalType decimal = (DecimalType) type;
        BigDecimal stripped = constant.stripTrailingZeros();
        yield stripped.scale() <= decimal.getScale()
            && stripped.precision() - stripped.scale()
                <= decimal.getPrecision() - decimal.getScale();
      }
      default -> false;
    };
  }

  private static Optional<BigDecimal> exact(Number number) {
    if (number instanceof BigDecimal decimal) {
      return Optional.of(decimal);
    }
    if (number instanceof Float || number instanceof Double) {
      double value = number.doubleValue();
      return Double.isFinite(value) ? Optional.of(new BigDecimal(value)) : Optional.empty();
    }
    return Optional.of(BigDecimal.valueOf(number.longValue()));
  }

  private static Optional<ResolvedExpression> casted(ResolvedExpression expression) {
    if (expression instanceof CallExpression call) {
      FunctionDefinition function = call.getFunctionDefinition();
      if (function == CAST || function == TRY_CAST) {
        return Optional.of(call.getResolvedChildren().get(0));
      }
    }
    return Optional.empty();
  }

  private static LogicalType type(ResolvedExpression expression) {
    return expression.getOutputDataType().getLogicalType();
  }
}

package dev.kafkacloudberry.kafka;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinition;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.types.DataType;

/** Builds predicates as the planner hands them over. */
final class Predicates {

  static final Map<String, MessagePosition> COLUMNS =
      Map.of(
          "part", MessagePosition.PARTITION,
          "offs", MessagePosition.OFFSET,
          "ts", MessagePosition.TIMESTAMP);

  static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneId.of("Europe/Berlin"));

  static final ResolvedExpression PART = column("part", DataTypes.INT());
  static final ResolvedExpression OFFS = column("offs", DataTypes.BIGINT());
  static final ResolvedExpression TS = column("ts", DataTypes.TIMESTAMP_LTZ(3));

  private Predicates() {}

  static ResolvedExpression column(String name, DataType type) {
    return new FieldReferenceExpression(name, type, 0, 0);
  }

  static ResolvedExpression literal(Object value) {
    return new ValueLiteralExpression(value);
  }

  static ResolvedExpression nullOf(DataType type) {
    return new ValueLiteralExpression(null, type);
  }

  static ResolvedExpression call(BuiltInFunctionDefinition function, ResolvedExpression... args) {
    return call(DataTypes.BOOLEAN(), function, args);
  }

  static ResolvedExpression call(
      DataType type, BuiltInFunctionDefinition function, ResolvedExpression... args) {
    return CallExpression.permanent(function, List.of(args), type);
  }

  static ResolvedExpression cast(ResolvedExpression expression, DataType type) {
    return CallExpression.permanent(BuiltInFunctionDefinitions.CAST, List.of(expression), type);
  }

  static ResolvedExpression in(ResolvedExpression needle, Object... values) {
    return call(
        BuiltInFunctionDefinitions.IN,
        Stream.concat(Stream.of(needle), Stream.of(values).map(Predicates::literal))
            .toArray(ResolvedExpression[]::new));
  }
}

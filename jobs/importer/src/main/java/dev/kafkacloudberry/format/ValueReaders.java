package dev.kafkacloudberry.format;

import java.util.Optional;
import org.apache.flink.table.types.logical.BinaryType;
import org.apache.flink.table.types.logical.CharType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/** Which type is read how. */
final class ValueReaders {

  private ValueReaders() {}

  /** None for a type that no single text stands for, such as a row, and for rare ones. */
  static Optional<ValueReader> of(LogicalType type, ReadingRules rules) {
    return Optional.ofNullable(
        switch (type.getTypeRoot()) {
          case BOOLEAN -> BooleanText::read;
          case TINYINT -> IntegerText::tinyint;
          case SMALLINT -> IntegerText::smallint;
          case INTEGER -> IntegerText::integer;
          case BIGINT -> IntegerText::bigint;
          case DECIMAL -> {
            DecimalType decimal = (DecimalType) type;
            yield new DecimalText(decimal.getPrecision(), decimal.getScale());
          }
          case FLOAT -> FloatText::real;
          case DOUBLE -> FloatText::doublePrecision;
          case CHAR -> StringText.padded(((CharType) type).getLength());
          case VARCHAR -> varchar(((VarCharType) type).getLength());
          case BINARY -> {
            int length = ((BinaryType) type).getLength();
            yield new BytesText(length, length);
          }
          case VARBINARY -> new BytesText(0, ((VarBinaryType) type).getLength());
          case DATE -> TimeText.date(rules);
          case TIME_WITHOUT_TIME_ZONE -> TimeText.time(((TimeType) type).getPrecision(), rules);
          case TIMESTAMP_WITHOUT_TIME_ZONE ->
              TimeText.timestamp(((TimestampType) type).getPrecision(), rules);
          case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
              TimeText.timestampWithLocalZone(
                  ((LocalZonedTimestampType) type).getPrecision(), rules);
          default -> null;
        });
  }

  private static ValueReader varchar(int length) {
    return length == VarCharType.MAX_LENGTH ? StringText::string : StringText.varchar(length);
  }
}

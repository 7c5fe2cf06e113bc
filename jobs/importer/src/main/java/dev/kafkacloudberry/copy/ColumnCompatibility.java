package dev.kafkacloudberry.copy;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;

/**
 * The one table of what goes into what: the pairs that the database would cast by itself on
 * assignment, less those that would change a value without a word. A number may become the nearest
 * float, as it does there.
 */
final class ColumnCompatibility {
  private static final Set<String> TEXT = Set.of("text", "varchar", "bpchar");
  private static final Set<String> CUT_IN_SILENCE = Set.of("name", "char");
  private static final int BINARY_PREFIX = Integer.BYTES;
  private static final int TEXT_PREFIX = 0;
  private static final String UTC = "+00";

  /** For advice: the Flink type that goes into a type of the database. */
  private static final Map<String, String> FLINK_TYPES =
      Map.ofEntries(
          Map.entry("bool", "BOOLEAN"),
          Map.entry("int2", "SMALLINT"),
          Map.entry("int4", "INT"),
          Map.entry("int8", "BIGINT"),
          Map.entry("numeric", "DECIMAL(38, 18)"),
          Map.entry("float4", "FLOAT"),
          Map.entry("float8", "DOUBLE"),
          Map.entry("bytea", "BYTES"),
          Map.entry("date", "DATE"),
          Map.entry("time", "TIME"),
          Map.entry("timestamp", "TIMESTAMP(6)"),
          Map.entry("timestamptz", "TIMESTAMP_LTZ(6)"));

  private final TargetColumn target;
  private final TypeModifiers modifiers;

  private ColumnCompatibility(TargetColumn target) {
    this.target = target;
    this.modifiers = TypeModifiers.of(target.displayType());
  }

  /** The encoders for a whole column: their text is escaped for COPY where the type may need it. */
  static Encodings of(ColumnPair pair) {
    LogicalType source = pair.source().type();
    Encodings encodings = new ColumnCompatibility(pair.target()).from(source);
    return switch (source.getTypeRoot()) {
      case CHAR, VARCHAR, BINARY, VARBINARY, ARRAY -> encodings.escapedForCopy();
      default -> encodings;
    };
  }

  private Encodings from(LogicalType source) {
    return switch (source.getTypeRoot()) {
      case BOOLEAN -> fromBoolean();
      case TINYINT, SMALLINT, INTEGER, BIGINT -> fromInteger(source);
      case DECIMAL -> fromDecimal((DecimalType) source);
      case FLOAT, DOUBLE -> fromFloat(source);
      case CHAR, VARCHAR -> fromString();
      case BINARY, VARBINARY -> fromBytes();
      case DATE -> fromDate();
      case TIME_WITHOUT_TIME_ZONE -> fromTime((TimeType) source);
      case TIMESTAMP_WITHOUT_TIME_ZONE ->
          fromTimestamp(((TimestampType) source).getPrecision(), "timestamp", "");
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          fromTimestamp(((LocalZonedTimestampType) source).getPrecision(), "timestamptz", UTC);
      case ARRAY -> fromArray(((ArrayType) source).getElementType());
      default ->
          Encodings.none("convert it to a STRING in the query, with JSON_STRING(...) or CAST");
    };
  }

  private Encodings fromBoolean() {
    return switch (target.baseType()) {
      case "bool" -> Encodings.both(BinaryNumbers::bool, TextNumbers::bool);
      default -> asText(TextNumbers::bool);
    };
  }

  private Encodings fromInteger(LogicalType source) {
    return switch (target.baseType()) {
      case "int2", "int4", "int8" -> intoInteger(source);
      case "float4", "float8" -> intoFloat(source);
      case "numeric" -> {
        LongField field = LongField.of(source);
        if (modifiers.first().isPresent()) {
          field = Limits.integerDigits(field, integerDigitsOfTarget(), target.displayType());
        }
        yield Encodings.both(BinaryNumbers.numeric(field), TextNumbers.whole(field));
      }
      default -> asText(TextNumbers.whole(LongField.of(source)));
    };
  }

  private Encodings fromDecimal(DecimalType source) {
    return switch (target.baseType()) {
      case "numeric" -> {
        ColumnEncoder binary = BinaryNumbers.numeric(source);
        ColumnEncoder text = TextNumbers.decimal(source);
        if (modifiers.first().isEmpty()) {
          yield Encodings.both(binary, text);
        }
        int digits = integerDigitsOfTarget();
        yield source.getScale() > scaleOfTarget()
            ? roundInQuery()
            : Encodings.both(
                Limits.integerDigits(binary, source, digits),
                Limits.integerDigits(text, source, digits));
      }
      case "int2", "int4", "int8" -> source.getScale() > 0 ? cast() : intoInteger(source);
      case "float4", "float8" -> intoFloat(source);
      default -> asText(TextNumbers.decimal(source));
    };
  }

  private Encodings fromFloat(LogicalType source) {
    ColumnEncoder shortest =
        source.is(LogicalTypeRoot.FLOAT)
            ? TextNumbers.float4(FloatField.of(source))
            : TextNumbers.float8(DoubleField.of(source));
    return switch (target.baseType()) {
      case "float4", "float8" -> intoFloat(source);
      case "numeric" ->
          modifiers.first().isPresent()
              ? roundInQuery()
              : Encodings.textOnly(TextNumbers.finite(shortest, DoubleField.of(source)));
      default -> asText(shortest);
    };
  }

  private Encodings intoInteger(LogicalType source) {
    LongField field = LongField.of(source);
    return switch (target.baseType()) {
      case "int2" -> {
        LongField checked = field.within(Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
        yield Encodings.both(BinaryNumbers.int2(checked), TextNumbers.whole(checked));
      }
      case "int4" -> {
        LongField checked = field.within(Integer.MIN_VALUE, Integer.MAX_VALUE, "integer");
        yield Encodings.both(BinaryNumbers.int4(checked), TextNumbers.whole(checked));
      }
      default -> Encodings.both(BinaryNumbers.int8(field), TextNumbers.whole(field));
    };
  }

  private Encodings intoFloat(LogicalType source) {
    if (target.baseType().equals("float4")) {
      FloatField field = FloatField.of(source);
      return Encodings.both(BinaryNumbers.float4(field), TextNumbers.float4(field));
    }
    DoubleField field = DoubleField.of(source);
    return Encodings.both(BinaryNumbers.float8(field), TextNumbers.float8(field));
  }

  private Encodings fromString() {
    String type = target.baseType();
    if (CUT_IN_SILENCE.contains(type)) {
      return Encodings.none("the database cuts longer text in silence; make the column text");
    }
    if (TEXT.contains(type)) {
      return Encodings.both(
          Limits.length(BinaryStrings::text, BINARY_PREFIX, modifiers.first()),
          Limits.length(TextStrings::text, TEXT_PREFIX, modifiers.first()));
    }
    return switch (type) {
      case "json" -> Encodings.both(BinaryStrings::text, TextStrings::text);
      case "jsonb" -> Encodings.both(BinaryStrings::jsonb, TextStrings::text);
      case "uuid" -> Encodings.both(BinaryStrings::uuid, TextStrings::text);
      default -> Encodings.textOnly(TextStrings::text);
    };
  }

  private Encodings fromBytes() {
    return switch (target.baseType()) {
      case "bytea" -> Encodings.both(BinaryStrings::bytea, TextStrings::bytea);
      case "text", "varchar", "bpchar" ->
          Encodings.none("CAST it AS STRING if it is UTF-8, else DECODE(it, '<charset>')");
      default -> cast();
    };
  }

  private Encodings fromDate() {
    return switch (target.baseType()) {
      case "date" -> Encodings.both(BinaryTimes::date, TextTimes::date);
      case "timestamp" -> Encodings.both(BinaryTimes::midnight, TextTimes::midnight);
      default -> asText(TextTimes::dateAsText);
    };
  }

  private Encodings fromTime(TimeType source) {
    return switch (target.baseType()) {
      case "time" ->
          source.getPrecision() > fractionDigitsOfTarget()
              ? roundInQuery()
              : Encodings.both(BinaryTimes::time, TextTimes::time);
      default -> asText(TextTimes::time);
    };
  }

  private Encodings fromTimestamp(int precision, String own, String zone) {
    if (!target.baseType().equals(own)) {
      return asText(TextTimes.timestampAsText(precision, zone));
    }
    return precision > fractionDigitsOfTarget()
        ? roundInQuery()
        : Encodings.both(BinaryTimes.timestamp(precision), TextTimes.timestamp(precision, zone));
  }

  private Encodings fromArray(LogicalType elementType) {
    if (!target.isArray()) {
      return Encodings.none("convert it to a STRING in the query, with JSON_STRING(...) or CAST");
    }
    if (elementType.is(LogicalTypeRoot.ARRAY)) {
      return Encodings.none("arrays of arrays have no counterpart; flatten them in the query");
    }
    TargetColumn elementTarget = target.element();
    Encodings element = new ColumnCompatibility(elementTarget).from(elementType);
    if (element.text().isEmpty()) {
      return Encodings.none("of its elements: " + element.advice());
    }
    OptionalInt oid = BinaryArrays.elementOid(elementTarget.baseType());
    char delimiter = elementTarget.baseType().equals("box") ? ';' : ',';
    ColumnEncoder text = TextArrays.of(element.text().get(), delimiter);
    return element.binary().isPresent() && oid.isPresent()
        ? Encodings.both(BinaryArrays.of(element.binary().get(), oid.getAsInt()), text)
        : Encodings.textOnly(text);
  }

  /** What has a text form goes into text, and nowhere else. */
  private Encodings asText(ColumnEncoder text) {
    return TEXT.contains(target.baseType())
        ? Encodings.textOnly(Limits.length(text, TEXT_PREFIX, modifiers.first()))
        : cast();
  }

  private Encodings cast() {
    String type = target.isArray() ? "an ARRAY" : FLINK_TYPES.get(target.baseType());
    return Encodings.none(
        type == null
            ? "CAST it AS STRING in the query, and the database parses it"
            : "make it %s in the query, with CAST or otherwise".formatted(type));
  }

  private Encodings roundInQuery() {
    return Encodings.none(
        "the database would round it in silence; CAST it in the query to the column's precision");
  }

  private int scaleOfTarget() {
    return modifiers.second().orElse(0);
  }

  private int integerDigitsOfTarget() {
    return modifiers.first().orElseThrow() - scaleOfTarget();
  }

  /** Of a time or timestamp without precision: any, since each value's fraction is checked. */
  private int fractionDigitsOfTarget() {
    return modifiers.first().orElse(Integer.MAX_VALUE);
  }
}

package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Reads a field of a binary COPY as a person would write it, in JSON. */
final class BinaryFieldText {

  private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
  private static final String ARRAY = "[]";
  private static final int NEGATIVE = 0x4000;
  private static final int DIGITS_PER_GROUP = 4;

  private BinaryFieldText() {}

  /**
   * @param type of the column, as the database writes it
   * @return a JSON value
   */
  static String of(String type, ByteBuffer field) {
    if (type.endsWith(ARRAY)) {
      return array(type.substring(0, type.length() - ARRAY.length()), field);
    }
    return switch (type.replaceAll("\\(.*?\\)", "")) {
      case "boolean" -> Boolean.toString(field.get() != 0);
      case "smallint" -> Short.toString(field.getShort());
      case "integer" -> Integer.toString(field.getInt());
      case "bigint" -> Long.toString(field.getLong());
      case "real" -> number(field.getFloat());
      case "double precision" -> number(field.getDouble());
      case "numeric" -> numeric(field);
      case "date" -> JsonText.string(EPOCH.plusDays(field.getInt()).toString());
      case "time without time zone" ->
          JsonText.string(LocalTime.MIDNIGHT.plus(field.getLong(), ChronoUnit.MICROS).toString());
      case "timestamp without time zone" -> JsonText.string(timestamp(field.getLong()));
      case "timestamp with time zone" ->
          JsonText.string(timestamp(field.getLong()) + ZoneOffset.UTC);
      case "uuid" -> JsonText.string(new UUID(field.getLong(), field.getLong()).toString());
      case "bytea" -> JsonText.string("\\x" + HexFormat.of().formatHex(rest(field)));
      case "jsonb" -> {
        field.get(); // its version
        yield JsonText.string(new String(rest(field), UTF_8));
      }
      default -> JsonText.string(new String(rest(field), UTF_8));
    };
  }

  private static byte[] rest(ByteBuffer field) {
    byte[] bytes = new byte[field.remaining()];
    field.get(bytes);
    return bytes;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(value) : JsonText.string("" + value);
  }

  private static String number(float value) {
    return Float.isFinite(value) ? Float.toString(value) : JsonText.string("" + value);
  }

  private static String timestamp(long micros) {
    LocalDateTime value = EPOCH.atStartOfDay().plus(micros, ChronoUnit.MICROS);
    return value.toLocalDate() + " " + value.toLocalTime();
  }

  private static String numeric(ByteBuffer field) {
    int groups = field.getShort();
    int weight = field.getShort();
    int sign = field.getShort();
    int scale = field.getShort();
    if (sign != 0 && sign != NEGATIVE) {
      return JsonText.string("NaN");
    }
    BigInteger digits = BigInteger.ZERO;
    for (int i = 0; i < groups; i++) {
      digits =
          digits.multiply(BigInteger.valueOf(10_000)).add(BigInteger.valueOf(field.getShort()));
    }
    int behindPoint = (groups - 1 - weight) * DIGITS_PER_GROUP;
    BigDecimal value = new BigDecimal(digits, behindPoint).setScale(scale);
    return (sign == NEGATIVE ? value.negate() : value).toPlainString();
  }

  private static String array(String elementType, ByteBuffer field) {
    int dimensions = field.getInt();
    field.getInt(); // whether there are NULLs
    field.getInt(); // the OID of the type
    List<String> elements = new ArrayList<>();
    int count = dimensions == 0 ? 0 : field.getInt();
    if (dimensions > 0) {
      field.getInt(); // the index of the first
    }
    for (int i = 0; i < count; i++) {
      int length = field.getInt();
      if (length < 0) {
        elements.add("null");
      } else {
        elements.add(of(elementType, field.slice(field.position(), length)));
        field.position(field.position() + length);
      }
    }
    return elements.toString();
  }
}

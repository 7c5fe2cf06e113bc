package dev.kafkacloudberry.copy;

import dev.kafkacloudberry.text.Excerpt;
import java.math.BigDecimal;
import java.util.OptionalInt;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.types.logical.DecimalType;

/**
 * Encoders that refuse what a column's length or precision has no room for. The database refuses it
 * too, but only when the checkpoint is committed, and then again at every attempt.
 */
final class Limits {
  private static final int MAX_LONG_DIGITS = 18;

  private Limits() {}

  /**
   * Refuses text of more characters than {@code varchar(n)} and {@code char(n)} have room for, also
   * if they are spaces, which the database would cut off in silence.
   */
  static ColumnEncoder length(ColumnEncoder encoder, int prefixBytes, OptionalInt maxCharacters) {
    if (maxCharacters.isEmpty()) {
      return encoder;
    }
    int max = maxCharacters.getAsInt();
    return (row, index, out) -> {
      int start = out.length() + prefixBytes;
      encoder.encode(row, index, out);
      int end = out.length();
      if (end - start > max && characters(out.array(), start, end) > max) {
        throw new InvalidValueException(
            "the text is longer than the %d characters of the column".formatted(max),
            Excerpt.of(out.array(), start, end));
      }
    };
  }

  /** Refuses decimals with more digits before the point than are left for them. */
  static ColumnEncoder integerDigits(ColumnEncoder encoder, DecimalType type, int maxDigits) {
    int precision = type.getPrecision();
    int scale = type.getScale();
    if (precision - scale <= maxDigits) {
      return encoder;
    }
    int maxUnscaledDigits = maxDigits + scale;
    long end = powerOfTen(Math.min(maxUnscaledDigits, MAX_LONG_DIGITS));
    return (row, index, out) -> {
      DecimalData value = row.getDecimal(index, precision, scale);
      boolean fits =
          value.isCompact()
              ? Math.abs(value.toUnscaledLong()) < end
              : digits(value.toBigDecimal()) <= maxUnscaledDigits;
      if (!fits) {
        throw new InvalidValueException(
            "the value has more than the %d digits before the decimal point that the column has"
                    .formatted(maxDigits)
                + " room for",
            value.toString());
      }
      encoder.encode(row, index, out);
    };
  }

  /** The field, with whole numbers of more digits refused. */
  static LongField integerDigits(LongField field, int maxDigits, String typeName) {
    if (maxDigits > MAX_LONG_DIGITS) {
      return field;
    }
    long end = powerOfTen(maxDigits);
    return field.within(1 - end, end - 1, typeName);
  }

  /** BigDecimal counts one digit in 0, but 0 fits where there is room for none. */
  private static int digits(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.precision();
  }

  private static long powerOfTen(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private static int characters(byte[] utf8, int start, int end) {
    int characters = 0;
    for (int i = start; i < end; i++) {
      boolean continuation = (utf8[i] & 0xC0) == 0x80;
      characters += continuation ? 0 : 1;
    }
    return characters;
  }
}

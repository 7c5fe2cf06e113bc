package dev.kafkacloudberry.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.flink.table.data.DecimalData;

/**
 * Decimal numbers, rounded half away from zero to the scale.
 *
 * @param precision most digits
 * @param scale digits behind the point
 */
record DecimalText(int precision, int scale) implements ValueReader {
  private static final int MAX_LONG_DIGITS = 18;
  // PostgreSQL reads no larger ones.
  private static final int MAX_EXPONENT = Integer.MAX_VALUE / 2 - 1;

  @Override
  public DecimalData read(byte[] text, int start, int end) {
    int i = Blanks.skip(text, start, end);
    int last = Blanks.trim(text, i, end);
    boolean negative = i < last && text[i] == '-';
    if (negative || i < last && text[i] == '+') {
      i++;
    }
    int digits = 0;
    int first = -1;
    boolean behindPoint = false;
    // Where the point is, seen from the first digit that is not zero.
    long point = 0;
    for (; i < last; i++) {
      byte b = text[i];
      if (b >= '0' && b <= '9') {
        digits++;
        if (first < 0 && b != '0') {
          first = i;
        }
        if (!behindPoint && first >= 0) {
          point++;
        } else if (behindPoint && first < 0) {
          point--;
        }
      } else if (b == '.' && !behindPoint) {
        behindPoint = true;
      } else {
        break;
      }
    }
    int digitsEnd = i;
    if (digits > 0 && i < last && (text[i] | 0x20) == 'e') {
      int exponentStart = ++i;
      if (i < last && (text[i] == '-' || text[i] == '+')) {
        i++;
      }
      long exponent = 0;
      int exponentDigits = i;
      for (; i < last && text[i] >= '0' && text[i] <= '9'; i++) {
        exponent = Math.min(MAX_EXPONENT + 1L, 10 * exponent + text[i] - '0');
      }
      if (i == exponentDigits || exponent > MAX_EXPONENT) {
        throw notANumber(text, start, end);
      }
      point += text[exponentStart] == '-' ? -exponent : exponent;
    }
    if (digits == 0 || i != last) {
      throw notANumber(text, start, end);
    }
    if (first < 0) {
      return DecimalData.zero(precision, scale);
    }
    long kept = point + scale;
    if (kept > precision) {
      throw outOfRange(text, start, end);
    }
    DecimalData value =
        precision <= MAX_LONG_DIGITS
            ? compact(text, first, digitsEnd, (int) Math.max(kept, -1), negative)
            : large(text, first, digitsEnd, (int) Math.max(kept, -1), negative);
    if (value == null) {
      throw outOfRange(text, start, end);
    }
    return value;
  }

  /**
   * Takes the first {@code kept} digits; the next one decides how they are rounded.
   *
   * @return null if rounding makes one digit too many
   */
  private DecimalData compact(byte[] text, int first, int end, int kept, boolean negative) {
    long value = 0;
    int count = 0;
    for (int i = first; i < end && count <= kept; i++) {
      if (text[i] != '.') {
        if (count < kept) {
          value = 10 * value + text[i] - '0';
        } else if (text[i] >= '5') {
          value++;
        }
        count++;
      }
    }
    for (; count < kept; count++) {
      value *= 10;
    }
    return value < pow10(precision)
        ? DecimalData.fromUnscaledLong(negative ? -value : value, precision, scale)
        : null;
  }

  /** As {@link #compact}, of more digits than a long has. */
  private DecimalData large(byte[] text, int first, int end, int kept, boolean negative) {
    StringBuilder digits = new StringBuilder(precision + 1).append('0');
    boolean up = false;
    int count = 0;
    for (int i = first; i < end && count <= kept; i++) {
      if (text[i] != '.') {
        if (count < kept) {
          digits.append((char) text[i]);
        } else {
          up = text[i] >= '5';
        }
        count++;
      }
    }
    for (; count < kept; count++) {
      digits.append('0');
    }
    BigInteger value = new BigInteger(digits.toString());
    if (up) {
      value = value.add(BigInteger.ONE);
    }
    return DecimalData.fromBigDecimal(
        new BigDecimal(negative ? value.negate() : value, scale), precision, scale);
  }

  private static long pow10(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private static InvalidTextException notANumber(byte[] text, int start, int end) {
    return InvalidTextException.of(text, start, end, "is not a decimal number");
  }

  private InvalidTextException outOfRange(byte[] text, int start, int end) {
    return InvalidTextException.of(
        text, start, end, "is out of range for DECIMAL(%d, %d)".formatted(precision, scale));
  }
}

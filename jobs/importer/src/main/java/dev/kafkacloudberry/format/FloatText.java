package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Locale.ROOT;

/** Binary floating-point numbers; what no float comes near to is an error, not an infinity. */
final class FloatText {
  // Powers of ten that are exact, so that one operation on two exact numbers rounds correctly.
  private static final double[] DOUBLE_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final float[] FLOAT_POWERS = {
    1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f
  };
  private static final long MAX_EXACT_DOUBLE = 1L << 53;
  private static final long MAX_EXACT_FLOAT = 1L << 24;
  private static final int MAX_LONG_DIGITS = 18;
  private static final int MAX_EXPONENT = 1_000_000;

  private FloatText() {}

  static Double doublePrecision(byte[] text, int start, int end) {
    return read(text, start, end, false);
  }

  static Float real(byte[] text, int start, int end) {
    return (float) read(text, start, end, true);
  }

  private static double read(byte[] text, int start, int end, boolean single) {
    int from = Blanks.skip(text, start, end);
    int last = Blanks.trim(text, from, end);
    int i = from;
    boolean negative = i < last && text[i] == '-';
    if (negative || i < last && text[i] == '+') {
      i++;
    }
    int unsigned = i;
    int digits = 0;
    int significant = 0;
    int behindPoint = 0;
    long mantissa = 0;
    boolean point = false;
    for (; i < last; i++) {
      byte b = text[i];
      if (b >= '0' && b <= '9') {
        digits++;
        significant += significant > 0 || b != '0' ? 1 : 0;
        behindPoint += point ? 1 : 0;
        mantissa = significant <= MAX_LONG_DIGITS ? 10 * mantissa + b - '0' : mantissa;
      } else if (b == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return word(text, start, end, unsigned, last, negative, i > unsigned);
    }
    int exponent = 0;
    if (i < last && (text[i] | 0x20) == 'e') {
      i++;
      boolean down = i < last && text[i] == '-';
      if (down || i < last && text[i] == '+') {
        i++;
      }
      int exponentStart = i;
      for (; i < last && text[i] >= '0' && text[i] <= '9'; i++) {
        exponent = Math.min(MAX_EXPONENT, 10 * exponent + text[i] - '0');
      }
      if (i == exponentStart) {
        throw notANumber(text, start, end);
      }
      exponent = down ? -exponent : exponent;
    }
    if (i != last) {
      throw notANumber(text, start, end);
    }
    if (significant == 0) {
      return negative ? -0.0 : 0.0;
    }
    long scale = (long) exponent - behindPoint;
    double value;
    if (single && isExact(significant, mantissa, MAX_EXACT_FLOAT, scale, FLOAT_POWERS.length)) {
      float power = FLOAT_POWERS[(int) Math.abs(scale)];
      value = scale < 0 ? mantissa / power : mantissa * power;
    } else if (!single
        && isExact(significant, mantissa, MAX_EXACT_DOUBLE, scale, DOUBLE_POWERS.length)) {
      double power = DOUBLE_POWERS[(int) Math.abs(scale)];
      value = scale < 0 ? mantissa / power : mantissa * power;
    } else {
      String number = new String(text, unsigned, last - unsigned, ISO_8859_1);
      value = single ? Float.parseFloat(number) : Double.parseDouble(number);
    }
    if (value == 0 || Double.isInfinite(value)) {
      throw InvalidTextException.of(
          text, start, end, "is out of range for " + (single ? "FLOAT" : "DOUBLE"));
    }
    return negative ? -value : value;
  }

  private static boolean isExact(
      int significant, long mantissa, long maxMantissa, long scale, int powers) {
    return significant <= MAX_LONG_DIGITS && mantissa <= maxMantissa && Math.abs(scale) < powers;
  }

  private static double word(
      byte[] text, int start, int end, int unsigned, int last, boolean negative, boolean hasPoint) {
    String word =
        hasPoint || last - unsigned > "infinity".length()
            ? ""
            : new String(text, unsigned, last - unsigned, ISO_8859_1).toLowerCase(ROOT);
    return switch (word) {
      case "nan" -> Double.NaN;
      case "inf", "infinity" -> negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      default -> throw notANumber(text, start, end);
    };
  }

  private static InvalidTextException notANumber(byte[] text, int start, int end) {
    return InvalidTextException.of(text, start, end, "is not a number");
  }
}

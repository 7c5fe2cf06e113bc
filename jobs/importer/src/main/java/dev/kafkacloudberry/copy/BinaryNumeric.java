package dev.kafkacloudberry.copy;

/**
 * The binary form of {@code numeric}: a sign, and digits to the base 10000 grouped from the decimal
 * point, as in {@code 12345.678} = 1 | 2345 . 6780. Zero groups at either end are left out.
 *
 * <p>Keeps scratch space: one instance serves one thread.
 */
final class BinaryNumeric {
  private static final int BASE = 10_000;
  private static final int DIGITS_PER_GROUP = 4;
  private static final int[] POWERS_OF_TEN = {1, 10, 100, 1_000, BASE};
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final long LOW_HALF = 0xFFFF_FFFFL;

  // 2^128 has 39 digits; grouping from the decimal point may split two groups more.
  private final short[] groups = new short[12];
  private int count;
  private long high;
  private long low;

  /**
   * Appends a field with its length.
   *
   * @param high the upper half of the unscaled value's magnitude, unsigned
   * @param low the lower half of it, unsigned
   * @param scale how many of its decimal digits are behind the decimal point
   */
  void put(CopyBuffer out, boolean negative, long high, long low, int scale) {
    this.high = high;
    this.low = low;
    split(scale);
    int first = 0;
    while (first < count && groups[first] == 0) {
      first++;
    }
    int digits = count - first;
    int fractionGroups = (scale + DIGITS_PER_GROUP - 1) / DIGITS_PER_GROUP;
    out.putInt((4 + digits) * Short.BYTES);
    out.putShort(digits);
    out.putShort(digits == 0 ? 0 : count - 1 - fractionGroups);
    out.putShort(negative ? NEGATIVE : POSITIVE);
    out.putShort(scale);
    for (int i = count - 1; i >= first; i--) {
      out.putShort(groups[i]);
    }
  }

  /** Fills {@link #groups}, the least significant first. */
  private void split(int scale) {
    count = 0;
    int partial = scale % DIGITS_PER_GROUP;
    if (partial > 0) {
      int digits = divide(POWERS_OF_TEN[partial]);
      groups[count++] = (short) (digits * POWERS_OF_TEN[DIGITS_PER_GROUP - partial]);
    }
    while (high != 0 || low < 0) {
      groups[count++] = (short) divide(BASE);
    }
    // The loop above leaves what a long holds: dividing that by a constant is a multiplication.
    for (long rest = low; rest != 0; rest /= BASE) {
      groups[count++] = (short) (rest % BASE);
    }
  }

  /** Divides the 128-bit magnitude, 32 bits at a time, and returns the remainder. */
  private int divide(int divisor) {
    if (high == 0 && low >= 0) {
      int remainder = (int) (low % divisor);
      low /= divisor;
      return remainder;
    }
    long part3 = high >>> Integer.SIZE;
    long part2 = (part3 % divisor) << Integer.SIZE | high & LOW_HALF;
    long part1 = (part2 % divisor) << Integer.SIZE | low >>> Integer.SIZE;
    long part0 = (part1 % divisor) << Integer.SIZE | low & LOW_HALF;
    high = (part3 / divisor) << Integer.SIZE | part2 / divisor;
    low = (part1 / divisor) << Integer.SIZE | part0 / divisor;
    return (int) (part0 % divisor);
  }
}

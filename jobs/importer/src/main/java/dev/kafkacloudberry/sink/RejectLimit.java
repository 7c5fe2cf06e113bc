package dev.kafkacloudberry.sink;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * How many rows may be rejected before the job ends.
 *
 * @param most how many, or how many of a hundred
 * @param isPercentage whether it is a share of the rows that are loaded and rejected
 * @param window the time over which they are counted
 */
public record RejectLimit(BigDecimal most, boolean isPercentage, Duration window)
    implements Serializable {

  private static final String PERCENT = "%";
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /**
   * Reads a number, {@code 1000}, or a percentage, {@code 0.5%}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static RejectLimit parse(String text, Duration window) {
    boolean isPercentage = text.endsWith(PERCENT);
    String number = isPercentage ? text.substring(0, text.length() - 1).strip() : text;
    if (!number.matches(isPercentage ? "\\d{1,3}(\\.\\d{1,9})?" : "\\d{1,18}")) {
      throw new IllegalArgumentException("it is neither a number nor a percentage");
    }
    BigDecimal most = new BigDecimal(number);
    if (isPercentage && most.compareTo(HUNDRED) > 0) {
      throw new IllegalArgumentException("it is more than all");
    }
    return new RejectLimit(most, isPercentage, window);
  }

  boolean isPassed(long rows, long rejected) {
    return isPercentage
        ? HUNDRED
                .multiply(BigDecimal.valueOf(rejected))
                .compareTo(most.multiply(BigDecimal.valueOf(rows + rejected)))
            > 0
        : BigDecimal.valueOf(rejected).compareTo(most) > 0;
  }

  @Override
  public String toString() {
    return most.toPlainString() + (isPercentage ? PERCENT : "");
  }
}

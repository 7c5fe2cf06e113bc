package dev.kafkacloudberry.copy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.junit.jupiter.api.Test;

class BinaryNumericTest {
  private static final long SEED = 7;

  @Test
  void everyDecimalIsReadBackWithItsScale() throws RowEncodingException {
    Random random = new Random(SEED);
    for (int precision = 1; precision <= 38; precision++) {
      for (int scale = 0; scale <= precision; scale++) {
        SingleColumn column = SingleColumn.of(DataTypes.DECIMAL(precision, scale), "numeric");
        RowEncoder encoder = column.encoder(CopyFormat.BINARY);
        for (int i = 0; i < 20; i++) {
          BigDecimal value = randomDecimal(random, precision, scale);
          CopyBuffer out = new CopyBuffer();
          encoder.encode(
              GenericRowData.of(DecimalData.fromBigDecimal(value, precision, scale)), out);
          assertThat(decode(ByteBuffer.wrap(out.array(), 0, out.length())))
              .as("seed %d", SEED)
              .isEqualTo(value);
        }
      }
    }
  }

  private static BigDecimal randomDecimal(Random random, int precision, int scale) {
    StringBuilder digits = new StringBuilder();
    int count = random.nextInt(1, precision + 1);
    int style = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      digits.append(
          switch (style) {
            case 0 -> '9';
            case 1 -> i == 0 ? '1' : '0';
            default -> (char) ('0' + random.nextInt(10));
          });
    }
    BigInteger unscaled = new BigInteger(digits.toString());
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }

  /** Reads a field as the protocol describes it, and refuses what the database would not write. */
  private static BigDecimal decode(ByteBuffer row) {
    assertThat(row.getShort()).isEqualTo((short) 1);
    assertThat(row.getInt()).isEqualTo(row.remaining());
    int digits = row.getShort();
    int weight = row.getShort();
    int sign = row.getShort();
    int scale = row.getShort();
    assertThat(row.remaining()).isEqualTo(2 * digits);
    BigDecimal value = BigDecimal.ZERO;
    for (int i = 0; i < digits; i++) {
      int digit = row.getShort();
      assertThat(digit).isBetween(0, 9999);
      if (i == 0 || i == digits - 1) {
        assertThat(digit).as("a zero group at an end").isNotZero();
      }
      value = value.add(new BigDecimal(digit).scaleByPowerOfTen(4 * (weight - i)));
    }
    assertThat(sign).isIn(0x0000, 0x4000);
    return (sign == 0 ? value : value.negate()).setScale(scale);
  }
}

package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.BYTES;
import static org.apache.flink.table.api.DataTypes.CHAR;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.DECIMAL;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.FLOAT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.SMALLINT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIME;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.apache.flink.table.api.DataTypes.TINYINT;
import static org.apache.flink.table.api.DataTypes.VARCHAR;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

/** What is written is read as the same row. */
class RoundTripTest {
  private static final int ROWS = 5_000;
  private static final long SEED = Long.getLong("random.seed", 20_240_131);
  private static final String CHARACTERS = "abc \t\n\r,;\"'\\.N0é€\u0001\u00a0";

  private final Random random = new Random(SEED);
  private final Map<DataType, Function<Random, Object>> columns = new LinkedHashMap<>();

  RoundTripTest() {
    columns.put(BOOLEAN(), Random::nextBoolean);
    columns.put(TINYINT(), r -> (byte) r.nextInt());
    columns.put(SMALLINT(), r -> (short) r.nextInt());
    columns.put(INT(), r -> r.nextInt() >> r.nextInt(32));
    columns.put(BIGINT(), r -> r.nextLong() >> r.nextInt(64));
    columns.put(FLOAT(), r -> Float.intBitsToFloat(r.nextInt()));
    columns.put(DOUBLE(), r -> Double.longBitsToDouble(r.nextLong()));
    columns.put(DECIMAL(9, 4), r -> decimal(new BigInteger(29, r), 9, 4));
    columns.put(DECIMAL(38, 20), r -> decimal(new BigInteger(1 + r.nextInt(126), r), 38, 20));
    columns.put(CHAR(3), r -> StringData.fromString("x%02d".formatted(r.nextInt(100))));
    columns.put(VARCHAR(5), r -> string(r, 5));
    columns.put(STRING(), r -> string(r, 30));
    columns.put(BYTES(), r -> string(r, 9).toBytes());
    columns.put(DATE(), r -> r.nextInt(4_000_000) - 2_400_000);
    columns.put(TIME(3), r -> r.nextInt(86_400_000));
    columns.put(TIMESTAMP(3), r -> timestamp(r, 0));
    columns.put(TIMESTAMP(6), r -> timestamp(r, 1_000 * r.nextInt(1_000)));
    columns.put(TIMESTAMP(9), r -> timestamp(r, r.nextInt(1_000_000)));
    columns.put(TIMESTAMP_LTZ(6), r -> timestamp(r, 1_000 * r.nextInt(1_000)));
  }

  @Test
  void csv() throws IOException {
    roundTrip(FormatUnderTest.csv());
  }

  @Test
  void csvWithOtherCharacters() throws IOException {
    roundTrip(
        FormatUnderTest.csv()
            .with("delimiter", ";")
            .with("quote", "'")
            .with("escape", "\\")
            .with("null-literal", "N"));
  }

  @Test
  void json() throws IOException {
    columns.put(
        ARRAY(STRING()),
        r -> new GenericArrayData(new Object[] {string(r, 4), null, string(r, 4)}));
    columns.put(
        MAP(STRING(), INT()), r -> new GenericMapData(new HashMap<>(Map.of(string(r, 4), 1))));
    roundTrip(FormatUnderTest.json());
  }

  private void roundTrip(FormatUnderTest format) throws IOException {
    for (DataType type : columns.keySet()) {
      format = format.column("c\"" + format.columns().size(), type);
    }
    SerializationSchema<RowData> encoder = format.encoder();
    DeserializationSchema<RowData> decoder = format.decoder();
    for (int i = 0; i < ROWS; i++) {
      GenericRowData row =
          GenericRowData.of(
              columns.values().stream()
                  .map(value -> random.nextInt(5) == 0 ? null : value.apply(random))
                  .toArray());
      byte[] message = encoder.serialize(row);
      assertThat(decoder.deserialize(message))
          .as("seed %d, row %d: %s", SEED, i, new String(message, UTF_8))
          .isEqualTo(row);
    }
  }

  private static DecimalData decimal(BigInteger unscaled, int precision, int scale) {
    BigInteger signed = unscaled.testBit(0) ? unscaled : unscaled.negate();
    return DecimalData.fromBigDecimal(new BigDecimal(signed, scale), precision, scale);
  }

  private static StringData string(Random random, int longest) {
    StringBuilder string = new StringBuilder();
    for (int length = random.nextInt(longest + 1); length > 0; length--) {
      string.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
    }
    return StringData.fromString(string.toString());
  }

  /** Some time in the 12,000 years around now. */
  private static TimestampData timestamp(Random random, int nanoOfMilli) {
    return TimestampData.fromEpochMillis(
        random.nextLong(400_000_000_000_000L) - 190_000_000_000_000L, nanoOfMilli);
  }
}

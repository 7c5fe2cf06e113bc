package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;

/** Decoding makes the row and its values, and nothing on the way. */
class DecodingAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROWS = 50_000;

  /** The row, its array, two integers, a timestamp, a string and what Flink keeps of its bytes. */
  private static final int BYTES_PER_ROW = 280;

  @Test
  void csv() throws IOException {
    assertThat(
            bytesPerRow(
                FormatUnderTest.csv(), "42000,\"some text\",2024-01-31,2024-01-31 12:34:56.123456"))
        .isLessThan(BYTES_PER_ROW);
  }

  @Test
  void json() throws IOException {
    assertThat(
            bytesPerRow(
                FormatUnderTest.json(),
                "{\"a\":42000,\"b\":\"some text\",\"c\":\"2024-01-31\",\"d\":\"2024-01-31T12:34:56.123456\"}"))
        .isLessThan(BYTES_PER_ROW);
  }

  private static double bytesPerRow(FormatUnderTest format, String text) throws IOException {
    DeserializationSchema<RowData> decoder =
        format
            .column("a", DataTypes.INT())
            .column("b", DataTypes.STRING())
            .column("c", DataTypes.DATE())
            .column("d", DataTypes.TIMESTAMP(6))
            .decoder();
    byte[] message = text.getBytes(UTF_8);
    decode(decoder, message);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    decode(decoder, message);
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / ROWS;
  }

  private static void decode(DeserializationSchema<RowData> decoder, byte[] message)
      throws IOException {
    for (int i = 0; i < ROWS; i++) {
      if (decoder.deserialize(message).getInt(0) != 42_000) {
        throw new AssertionError("Another row");
      }
    }
  }
}

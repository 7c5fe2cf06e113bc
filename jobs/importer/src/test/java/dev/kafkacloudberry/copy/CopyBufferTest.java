package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

class CopyBufferTest {
  private final RowEncoder encoder = SingleColumn.string("text").encoder(CopyFormat.TEXT);
  private final CopyBuffer buffer = new CopyBuffer();

  @Test
  void growsAndKeepsWhatItHolds() throws RowEncodingException {
    encoder.encode(GenericRowData.of(StringData.fromString("first")), buffer);
    encoder.encode(GenericRowData.of(StringData.fromString("x".repeat(1_000_000))), buffer);

    assertThat(buffer.length()).isEqualTo(6 + 1_000_001);
    assertThat(new String(buffer.array(), 0, 8, UTF_8)).isEqualTo("first\nxx");
  }

  @Test
  void resetEmptiesItAndKeepsTheArray() throws RowEncodingException {
    encoder.encode(GenericRowData.of(StringData.fromString("x".repeat(1_000_000))), buffer);
    byte[] array = buffer.array();

    buffer.reset();

    assertThat(buffer.length()).isZero();
    assertThat(buffer.array()).isSameAs(array);
  }

  @Test
  void resetGivesTheMemoryOfAGiantRowBack() throws RowEncodingException {
    encoder.encode(GenericRowData.of(StringData.fromString("x".repeat(20 << 20))), buffer);

    buffer.reset();

    assertThat(buffer.array().length).isLessThan(1 << 20);
  }
}

package dev.kafkacloudberry.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void columnsStandUnderTheirHeader() {
    assertThat(
            new TextTable(List.of("id", "text"), List.of(List.of("1", "你好"), List.of("1000", "x"))))
        .hasToString(
            """
            id   | text
            -----+-----
            1    | 你好
            1000 | x""");
  }

  @Test
  void aRowStaysOnItsLine() {
    assertThat(new TextTable(List.of("text"), List.of(List.of("a\nb\tc"))).toString().lines())
        .containsExactly("text", "-------", "a\\nb\\tc");
  }
}

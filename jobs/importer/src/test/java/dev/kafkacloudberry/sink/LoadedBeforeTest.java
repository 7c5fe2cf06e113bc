package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedBeforeTest {

  @Test
  void itIsReadAsItIsWritten() {
    LoadedBefore loaded =
        new LoadedBefore("a.topic-1", new TreeMap<>(Map.of(0, 42L, 10, 999_999_999_999L)));

    assertThat(loaded)
        .hasToString("topic:a.topic-1;partition:0,offset:42;partition:10,offset:999999999999")
        .isEqualTo(LoadedBefore.parse(loaded.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "topic:a",
        "topic:a;",
        "partition:0,offset:1",
        "topic:;partition:0,offset:1",
        "topic:a;partition:0,offset:-1",
        "topic:a;partition:0,offset:1;",
        "topic:a;partition:0,offset:1;topic:b",
        "topic:a;partition:0;offset:1"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> LoadedBefore.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topic:orders;partition:0,offset:42");
  }
}

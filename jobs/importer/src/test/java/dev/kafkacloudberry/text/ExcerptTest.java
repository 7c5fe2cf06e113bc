package dev.kafkacloudberry.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {

  @Test
  void whatFitsIsShownWhole() {
    assertThat(Excerpt.of("")).isEmpty();
    assertThat(Excerpt.of("文".repeat(80))).isEqualTo("文".repeat(80));
  }

  @Test
  void aCutIsMarkedAndLeavesNoHalfCharacter() {
    assertThat(Excerpt.of("文".repeat(81))).isEqualTo("文".repeat(79) + "…");
    assertThat(Excerpt.of("x" + "😀".repeat(40))).isEqualTo("x" + "😀".repeat(39) + "…");
    assertThat(Excerpt.of("x".repeat(79) + "\n")).isEqualTo("x".repeat(79) + "…");
  }

  @Test
  void charactersThatDoNotShowAreEscaped() {
    assertThat(Excerpt.of("a b\n\0\u00a0\u202e\ufeff\ud800"))
        .isEqualTo("a b\\u000a\\u0000\\u00a0\\u202e\\ufeff\\ud800");
  }

  @Test
  void anExcerptOfAnExcerptIsTheSame() {
    String excerpt = Excerpt.of("\t文".repeat(50));
    assertThat(Excerpt.of(excerpt)).isEqualTo(excerpt);
  }

  @Test
  void bytesAreShownAsTheirText() {
    for (String character : new String[] {"x", "é", "文", "😀"}) {
      String text = "x" + character.repeat(1_000);
      byte[] bytes = (">" + text + "<").getBytes(UTF_8);
      assertThat(Excerpt.of(bytes, 1, bytes.length - 1)).isEqualTo(Excerpt.of(text));
    }
    assertThat(Excerpt.of(new byte[] {'a', (byte) 0xff, 'b'}, 0, 3)).isEqualTo("a\ufffdb");
  }
}

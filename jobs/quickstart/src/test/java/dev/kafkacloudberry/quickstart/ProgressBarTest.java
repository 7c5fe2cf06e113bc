package dev.kafkacloudberry.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  @Test
  void showsRowsRateAndLag() {
    assertThat(new ProgressBar(0, 2000).draw(500, 1500, Duration.ofSeconds(2)))
        .isEqualTo("[####------------] 500 of 2,000 rows, 250/s, lag 1,000");
  }

  @Test
  void rowsFromBeforeDoNotCountForTheRate() {
    assertThat(new ProgressBar(1000, 2000).draw(2000, 2000, Duration.ofSeconds(10)))
        .isEqualTo("[################] 2,000 of 2,000 rows, 100/s, lag 0");
  }

  @Test
  void theFirstMomentHasNoRateYet() {
    assertThat(new ProgressBar(0, 10).draw(0, 10, Duration.ZERO))
        .isEqualTo("[----------------] 0 of 10 rows, 0/s, lag 10");
  }

  @Test
  void moreRowsThanExpectedDoNotOverflowTheBar() {
    assertThat(new ProgressBar(0, 10).draw(11, 10, Duration.ofSeconds(1)))
        .startsWith("[################] 11 of 10 rows");
  }

  @Test
  void aLargeImportFitsOnALine() {
    String line =
        new ProgressBar(0, 99_999_999).draw(88_888_888, 99_999_999, Duration.ofSeconds(100));

    assertThat(line).hasSizeLessThan(80 - 3);
  }
}

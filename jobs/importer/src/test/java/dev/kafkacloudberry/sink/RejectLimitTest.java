package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RejectLimitTest {

  @ParameterizedTest
  @CsvSource({
    "3,     0,   3, false",
    "3,     0,   4, true",
    "0,     9,   0, false",
    "0,     9,   1, true",
    "50%,   1,   1, false",
    "50 %,  1,   2, true",
    "0.5%, 199,  1, false",
    "0.5%, 198,  1, true",
    "0%,    9,   1, true",
    "100%,  0,   9, false"
  })
  void itIsPassedByMoreThanItSays(String limit, long rows, long rejected, boolean isPassed) {
    assertThat(RejectLimit.parse(limit, Duration.ofHours(1)).isPassed(rows, rejected))
        .isEqualTo(isPassed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%", "-1", "1.5", "1e3", "101%", "100.5%", "many", "1,5%", "5 rows"})
  void nothingElseIsALimit(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RejectLimit.parse(text, Duration.ofHours(1)));
  }

  @Test
  void itIsShownAsItWasWritten() {
    assertThat(RejectLimit.parse("0.50%", Duration.ofHours(1))).hasToString("0.50%");
    assertThat(RejectLimit.parse("1000", Duration.ofHours(1))).hasToString("1000");
  }
}

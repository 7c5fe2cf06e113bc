package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.util.SerializedThrowable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTextTest {

  @Test
  void eachMessageIsSaidOnceAndTheRootCauseLast() {
    Throwable root = new IllegalStateException("no such topic");
    Throwable error =
        new RuntimeException("job failed", new RuntimeException(new RuntimeException(root)));

    assertThat(ErrorText.of(error).lines())
        .containsExactly("job failed", "  caused by: no such topic");
  }

  @Test
  void anExceptionThatCrossedTheNetworkReadsTheSame() {
    Throwable error =
        new RuntimeException("failed", new IllegalStateException(new RuntimeException("why")));

    assertThat(ErrorText.of(new SerializedThrowable(error))).isEqualTo(ErrorText.of(error));
  }

  @Test
  void aRootCauseWithoutWordsIsNamed() {
    assertThat(ErrorText.of(new RuntimeException("failed", new NullPointerException())).lines())
        .containsExactly("failed", "  caused by: java.lang.NullPointerException");
  }

  @Test
  void causesThatGoInACircleEnd() {
    RuntimeException inner = new RuntimeException("inner");
    RuntimeException outer = new RuntimeException("outer", inner);
    inner.initCause(outer);

    assertThat(ErrorText.of(outer)).contains("outer", "inner");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'password'='hunter2'",
        "'password' = 'it''s hunter2'",
        "cloudberry.password=hunter2",
        "jdbc:postgresql://db/x?user=u&password=hunter2&ssl=true",
        "'properties.sasl.jaas.config'='Module required username=\"u\" password=\"hunter2\";'",
        "secret-token=hunter2, a=b"
      })
  void valuesOfSensitiveKeysAreHidden(String text) {
    assertThat(ErrorText.withoutSecrets(text)).doesNotContain("hunter2").contains("******");
  }

  @Test
  void otherValuesAreShown() {
    String text = "Table options are:\n'topic'='a$b\\c'\nexpected a token: SELECT x=1, 'y'='z'";

    assertThat(ErrorText.withoutSecrets(text)).isEqualTo(text);
  }
}

package dev.kafkacloudberry.scheduler.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTraceTextTest {

  @Test
  void isTheMessagesOfItsCausesEachOnce() {
    assertThat(
            StackTraceText.messages(
                """
                org.apache.flink.runtime.JobException: Recovery is suppressed by SomeStrategy
                \tat org.apache.flink.A.b(A.java:1)
                Caused by: java.lang.RuntimeException: java.io.IOException: the disk is full
                \tat org.apache.flink.A.b(A.java:1)
                \t... 3 more
                Caused by: java.io.IOException: the disk is full
                of two lines
                \tat org.apache.flink.A.b(A.java:1)
                \t... 3 more
                Caused by: java.lang.NullPointerException
                \t... 4 more
                """))
        .isEqualTo(
            String.join(
                System.lineSeparator() + "  caused by: ",
                "the disk is full",
                "the disk is full\nof two lines"));
  }

  @Test
  void leavesOutWhatTheServerPutsAroundIt() {
    assertThat(
            StackTraceText.messages(
                "Internal server error.\nCaused by: <Exception on server side:\n"
                    + "a.b.CompletionException: a.b.FlinkException: No such jar\n\tat a.b.C.d(C.java:1)\n"
                    + "End of exception on server side>"))
        .isEqualTo("No such jar");
  }

  @Test
  void isWhatThereIsIfNobodySaysAnything() {
    assertThat(StackTraceText.messages("java.lang.NullPointerException\n\tat a.b.C.d(C.java:1)\n"))
        .isEqualTo("java.lang.NullPointerException");
  }
}

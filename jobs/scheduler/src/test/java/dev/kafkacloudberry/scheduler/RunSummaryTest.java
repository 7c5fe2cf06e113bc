package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunSummaryTest {

  private static final Duration TOOK = Duration.ofMillis(61_200);

  private final RunSummary refused =
      new RunSummary(
          "orders",
          false,
          Optional.of("the disk is full"),
          Instant.EPOCH,
          TOOK,
          Optional.empty(),
          List.of());

  @Test
  void aRunThatTheTimeLimitEndedNamesTheErrorOfItsJob() {
    assertThat(print(refused, false))
        .isEqualToIgnoringNewLines(
            "orders: 0 rows, 0 rejected, in 61.2 s; the time limit came before the end of the topic."
                + " The job's last error: the disk is full");
  }

  @Test
  void theErrorIsInTheJsonToo() {
    assertThat(
            JsonParser.parseString(print(refused, true))
                .getAsJsonObject()
                .get("last_error")
                .getAsString())
        .isEqualTo("the disk is full");
  }

  @Test
  void aRunWithoutAnErrorNamesNone() {
    RunSummary done =
        new RunSummary(
            "orders",
            true,
            Optional.empty(),
            Instant.EPOCH,
            TOOK,
            Optional.of("file:/s"),
            List.of());
    assertThat(print(done, false))
        .isEqualToIgnoringNewLines("orders: 0 rows, 0 rejected, in 61.2 s");
    assertThat(print(done, true)).contains("\"last_error\": null");
  }

  private static String print(RunSummary summary, boolean asJson) {
    StringWriter out = new StringWriter();
    summary.print(new PrintWriter(out), asJson);
    return out.toString();
  }
}

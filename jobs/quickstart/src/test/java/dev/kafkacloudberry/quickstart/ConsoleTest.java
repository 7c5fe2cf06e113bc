package dev.kafkacloudberry.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, UTF_8);

  @Test
  void aTerminalSeesOneLineThatChanges() {
    Console console = new Console(out, true);
    console.progress("10 %");
    console.progress("100 %");
    console.say("done");

    assertThat(written.toString(UTF_8).replace("\u001B[K", "<clear>"))
        .isEqualToNormalizingNewlines("\r<clear>   10 %\r<clear>   100 %\n   done\n");
  }

  @Test
  void aFileGetsPlainLinesAndTheLastState() {
    Console console = new Console(out, false);
    console.progress("10 %");
    console.progress("20 %");
    console.progress("100 %");
    console.conclude("done");

    assertThat(written.toString(UTF_8)).isEqualToNormalizingNewlines("   10 %\n   100 %\ndone\n");
  }

  @Test
  void stepsAreNumberedAndTimed() {
    Console console = new Console(out, false);
    console.step("one");
    console.step("two");
    console.endStep();

    assertThat(written.toString(UTF_8).replaceAll("\\d+[.,]\\d s", "<time>"))
        .isEqualToNormalizingNewlines("1. one\n   <time>\n\n2. two\n   <time>\n\n");
  }
}

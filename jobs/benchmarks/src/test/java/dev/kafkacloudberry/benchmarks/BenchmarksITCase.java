package dev.kafkacloudberry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** With few rows: that every way to load works, and that all load the same. */
class BenchmarksITCase {

  @Test
  void allWaysLoadTheSameRows() {
    assertThat(
            run("imports", "--rows=1000", "--rounds=1", "--format=CSV,JSON", "--places=true,false"))
        .contains(
            "### CSV, narrow, 2 partitions, with places; 1,000 rows",
            "### CSV, narrow, 2 partitions, without places; 1,000 rows",
            "### JSON, narrow, 2 partitions, with places; 1,000 rows",
            "| this importer | ",
            "| Flink's kafka and jdbc | ",
            "| a plain program | ");
  }

  private static String run(String... arguments) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      assertThat(new CommandLine(new Benchmarks()).execute(arguments)).isZero();
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}

package dev.kafkacloudberry.benchmarks;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs {@link CodecBenchmark}. */
@Command(
    name = "codecs",
    mixinStandardHelpOptions = true,
    description = "Decoding of messages and encoding for COPY, alone, with JMH.")
final class Codecs implements Callable<Integer> {

  @Option(names = "--profiler", description = "One of JMH's, such as gc for bytes allocated.")
  private String profiler;

  @Override
  public Integer call() throws RunnerException {
    System.out.println(Machine.describe());
    ChainedOptionsBuilder options =
        new OptionsBuilder().include(CodecBenchmark.class.getSimpleName());
    if (profiler != null) {
      options.addProfiler(profiler);
    }
    new Runner(options.build()).run();
    return 0;
  }
}

package dev.kafkacloudberry.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What {@code jobs/benchmarks/run} starts. Runs in the project's directory. */
@Command(
    name = "jobs/benchmarks/run",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures imports on this machine. Nothing else should run on it meanwhile.",
    subcommands = {
      ImportBenchmark.class,
      Codecs.class,
      IdleBenchmark.class,
      LatencyBenchmark.class,
      MemoryBenchmark.class,
      ScaleBenchmark.class
    })
public final class Benchmarks implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Exits with 0, with 1 on failure, with 2 if misused. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }
}

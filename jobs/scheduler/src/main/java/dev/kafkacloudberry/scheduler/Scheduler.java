package dev.kafkacloudberry.scheduler;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program in the scheduler's jar. */
@Command(
    name = "kafka-cloudberry-scheduler",
    header =
        "Runs imports from Kafka into Cloudberry on a Flink cluster, on a schedule or all the time.%n",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ImportOnceCommand.class,
      StartCommand.class,
      StopCommand.class,
      RestartCommand.class,
      StatusCommand.class
    },
    footer = {
      "",
      "The arguments may stand in a file, one a line: COMMAND @FILE. COMMAND --help shows them.",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 the time limit was reached (what was read"
          + " until then is kept), 75 another command handles the import."
    })
public final class Scheduler {

  @Option(names = "--help", usageHelp = true, description = "Shows this help.")
  private boolean help;

  private Scheduler() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ENGLISH);
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            args));
  }

  /**
   * Runs a command without ending the JVM.
   *
   * @return the exit code
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    return new CommandLine(new Scheduler())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(100)
        // What is written out comes behind the file of arguments, and wins.
        .setOverwrittenOptionsAllowed(true)
        .setParameterExceptionHandler(Scheduler::wrongArguments)
        .setExecutionExceptionHandler(Scheduler::failure)
        .execute(args);
  }

  private static int wrongArguments(CommandLine.ParameterException e, String[] args) {
    // Anything on a command line that is not an option may be a secret.
    String problem =
        e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().get(0).startsWith("-")
            ? "an argument stands alone: every value follows its option"
            : e.getMessage().replaceFirst("^(Unknown option: '[^=']*).*", "$1'");
    e.getCommandLine().getErr().println(problem + " (--help shows the usage)");
    return ExitCode.WRONG_ARGUMENTS;
  }

  private static int failure(Exception e, CommandLine command, CommandLine.ParseResult arguments)
      throws Exception {
    if (e instanceof SchedulerException failure) {
      command.getErr().println(failure.getMessage());
      return failure.exitCode();
    }
    throw e;
  }
}

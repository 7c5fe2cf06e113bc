package dev.kafkacloudberry.quickstart;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line, as {@code ./quickstart --help} describes it. */
@Command(name = "./quickstart")
final class Arguments {

  /** So few that every part of the import still has some. */
  private static final long FEWEST_ROWS = 100;

  @Option(names = "--rows")
  private long rows = 200_000;

  @Option(names = "--format")
  private MessageFormat format = MessageFormat.CSV;

  @Option(names = "--keep-running")
  private boolean keepRunning;

  private Arguments() {}

  /**
   * Reads a command line.
   *
   * @throws ParameterException with the words for the user if it is wrong
   */
  static Arguments parse(String... args) {
    Arguments arguments = new Arguments();
    CommandLine command =
        new CommandLine(arguments)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExpandAtFiles(false);
    command.parseArgs(args);
    if (arguments.rows < FEWEST_ROWS) {
      throw new ParameterException(
          command,
          "--rows takes a number from %d on, not %d".formatted(FEWEST_ROWS, arguments.rows));
    }
    return arguments;
  }

  /** How many messages the first import has; a tenth more come later. */
  long rows() {
    return rows;
  }

  MessageFormat format() {
    return format;
  }

  /** Whether servers and import stay up until Ctrl-C. */
  boolean keepRunning() {
    return keepRunning;
  }
}

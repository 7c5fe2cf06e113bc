package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.DatabaseSettings;
import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What every command is told, so that all of them can share a file of arguments. */
final class CommandOptions {

  @Mixin private ImportDefinition definition;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "By what the import is remembered. Default: the name of the script, or the two tables.")
  private String name;

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description =
          "Where to go on: a savepoint, a retained checkpoint, or 'beginning'. Default: where the"
              + " last job ended; the first time from the beginning, unless rows were loaded before.")
  private String from;

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description =
          "The longest that the command may take, like 90s, 30m or 2h; to stop the job it may take a"
              + " minute more. Default: 1h.")
  private Duration timeLimit;

  @Option(
      names = "--keep",
      paramLabel = "NUMBER",
      defaultValue = "3",
      description = "How many savepoints to keep; older ones are removed. Default: 3.")
  private int keep;

  @Option(names = "--json", description = "Prints the result as JSON.")
  private boolean json;

  @Option(names = "--quiet", description = "Prints the result, and says nothing else but problems.")
  private boolean quiet;

  @Option(names = "--help", usageHelp = true, description = "Shows this help.")
  private boolean help;

  @Mixin private Connections connections;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private Messages messages;

  /** Reads {@code 90s}, {@code 30m}, {@code 2h} and {@code 1h30m}. */
  static final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        Duration duration = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
        if (duration.isNegative() || duration.isZero()) {
          throw new TypeConversionException(
              "'%s' is not a time like 90s, 30m or 2h".formatted(value));
        }
        return duration;
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "'%s' is not a time like 90s, 30m or 2h".formatted(value));
      }
    }
  }

  ImportDefinition definition() {
    return definition;
  }

  Connections connections() {
    return connections;
  }

  /**
   * @throws SchedulerException if it has none
   */
  String name() throws SchedulerException {
    return Optional.ofNullable(name)
        .or(definition::defaultName)
        .orElseThrow(
            () ->
                SchedulerException.wrongArguments(
                    "Which import? Give --name, or --sql, or --source and --target"));
  }

  /** Where the user says to go on, or else where the last job ended. */
  Continuation from(Continuation settled) {
    return from == null ? settled : Continuation.told(from);
  }

  /** For a command that has no choice: the user shall not believe that it went elsewhere. */
  void refuseFrom(String reason) throws SchedulerException {
    if (from != null) {
      throw SchedulerException.wrongArguments(reason);
    }
  }

  int keep() throws SchedulerException {
    if (keep < 1) {
      throw SchedulerException.wrongArguments("--keep has to be at least 1: the next run needs it");
    }
    return keep;
  }

  boolean json() {
    return json;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  Messages messages() {
    if (messages == null) {
      messages = new Messages(command.commandLine().getErr(), quiet);
    }
    return messages;
  }

  Patience patience() {
    return new Patience(timeLimit, messages());
  }

  /** Opens the journal of the import. */
  Journal journal(FlinkCluster flink, Patience patience) throws SchedulerException {
    String importName = name();
    Map<String, String> configuration = patience.ask(flink::configuration);
    DatabaseSettings database = connections.database(configuration);
    String schema = connections.ledgerSchema(configuration);
    return patience.ask(() -> new Journal(database, schema, importName));
  }
}

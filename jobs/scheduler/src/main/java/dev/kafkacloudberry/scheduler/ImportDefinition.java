package dev.kafkacloudberry.scheduler;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What is imported: the arguments that the importer's jar is given. */
final class ImportDefinition {

  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description =
          "The importer, kafka-cloudberry-importer.jar; by default the one beside this jar.")
  private Path jar;

  @Option(
      names = "--tables",
      paramLabel = "FILE",
      description = "A script with declarations of tables. May be repeated.")
  private List<Path> tables = new ArrayList<>();

  @Option(names = "--sql", paramLabel = "FILE", description = "The script of the import: one job.")
  private Path sql;

  @Option(
      names = "--source",
      paramLabel = "TABLE",
      description = "Without a script: the table to read.")
  private String source;

  @Option(
      names = "--target",
      paramLabel = "TABLE",
      description = "Without a script: the table to load.")
  private String target;

  @Option(
      names = "--columns",
      paramLabel = "NAMES",
      description = "Without a script: the columns to import, separated by commas.")
  private String columns;

  @Option(
      names = "--start-after",
      paramLabel = "[TABLE=]PROGRESS",
      description =
          "The first time, begins behind what import_kafka_data() has imported, as its progress table"
              + " says.")
  private String startAfter;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      converter = NoPassword.InSetting.class,
      description = "Configures the job. May be repeated. No place for passwords.")
  private List<String> settings = new ArrayList<>();

  /** By what an import is remembered that is not given a name. */
  Optional<String> defaultName() {
    if (sql != null) {
      return Optional.of(sql.getFileName().toString().replaceFirst("\\.sql$", ""));
    }
    return source != null && target != null
        ? Optional.of(source + " into " + target)
        : Optional.empty();
  }

  /**
   * @throws SchedulerException if it is nowhere
   */
  Path jar() throws SchedulerException {
    Path found = jar == null ? besideThisJar() : jar;
    if (!Files.isRegularFile(found)) {
      throw SchedulerException.wrongArguments(
          "There is no importer at %s: name it with --jar".formatted(found));
    }
    return found;
  }

  private static Path besideThisJar() {
    Path here =
        Path.of(
            ImportDefinition.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    return here.resolveSibling("kafka-cloudberry-importer.jar");
  }

  /**
   * The arguments of the program in the jar, with the text of the scripts, which need not be where
   * it runs.
   *
   * @throws SchedulerException if a script cannot be read, or there is nothing to run
   */
  List<String> arguments() throws SchedulerException {
    if (sql == null && Stream.of(source, target, columns).anyMatch(part -> part == null)) {
      throw SchedulerException.wrongArguments(
          "Nothing to import: give --sql, or --source, --target and --columns");
    }
    List<String> arguments = new ArrayList<>();
    for (Path file : tables) {
      addScript(arguments, "--tables", file);
    }
    if (sql != null) {
      addScript(arguments, "--sql", sql);
    }
    add(arguments, "--source", source);
    add(arguments, "--target", target);
    add(arguments, "--columns", columns);
    add(arguments, "--start-after", startAfter);
    settings.forEach(setting -> add(arguments, "--set", setting));
    return arguments;
  }

  private static void add(List<String> arguments, String option, String value) {
    if (value != null) {
      arguments.addAll(List.of(option, value));
    }
  }

  private static void addScript(List<String> arguments, String option, Path file)
      throws SchedulerException {
    add(arguments, option, file.toString());
    add(arguments, "--inline", file + "=" + text(option, file));
  }

  private static String text(String option, Path file) throws SchedulerException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw SchedulerException.wrongArguments(option + ": there is no file " + file);
    } catch (MalformedInputException e) {
      throw SchedulerException.wrongArguments(option + ": " + file + " is not UTF-8");
    } catch (IOException e) {
      throw SchedulerException.wrongArguments(
          option + ": cannot read " + file + ": " + e.getMessage());
    }
  }
}

package dev.kafkacloudberry.job;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line of the import job. */
@Command(
    name = "ImportJob",
    sortOptions = false,
    usageHelpWidth = 100,
    header = "Loads Kafka topics into tables, as a Flink job.%n",
    synopsisHeading = "",
    customSynopsis = {
      "  flink run JAR --sql FILE [--tables FILE]... [--set KEY=VALUE]...",
      "  flink run JAR --source TABLE --target TABLE --columns NAMES --tables FILE...",
      "                [--set KEY=VALUE]...",
      ""
    },
    footer = {
      "",
      "Imports run until they are stopped. In batch mode, --set execution.runtime-mode=batch, they end"
          + " when they have read what the topic held at their start.",
      "",
      "flink run waits for the jobs and fails when one of them does; flink run -d returns once they"
          + " are submitted. The INSERT statements of a script run side by side, each as a job of its"
          + " own: STATEMENT SET makes them one job, SET 'table.dml-sync' = 'true' lets each wait for"
          + " the one before. The rows of a SELECT are printed.",
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong arguments."
    })
final class ImportArguments {

  /**
   * Of KEY=VALUE, of a URL's parameters, or of sasl.jaas.config; one that refers to a file or a
   * variable is none. The scheduler has the same.
   */
  private static final Pattern PASSWORD =
      Pattern.compile(
          "(password|passphrase|secret|secret[.-]?key|keystore\\.key)\\s*=\\s*(?!\\s|[\"']?\\$\\{).",
          Pattern.CASE_INSENSITIVE);

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      description = "Runs a script of Flink SQL statements.")
  private Path sql;

  @Option(
      names = "--source",
      paramLabel = "TABLE",
      description = "The table to read, for instance kafka_test.")
  private String source;

  @Option(
      names = "--target",
      paramLabel = "TABLE",
      description = "The table to load, for instance dest_table_fdw.")
  private String target;

  @Option(
      names = "--columns",
      paramLabel = "NAMES",
      description = "The columns to import, separated by commas. Both tables have them.")
  private String columns;

  @Option(
      names = "--tables",
      paramLabel = "FILE",
      description = "A script to run first, with the declarations of the tables. May be repeated.")
  private List<Path> tables = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Configures Flink and the connectors. May be repeated. Wins over the cluster's"
              + " configuration and over SET in the scripts. No place for passwords.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--inline",
      paramLabel = "FILE=TEXT",
      description =
          "Takes TEXT for what is in FILE, which --tables or --sql names: for programs that start"
              + " jobs where their files are not. May be repeated.")
  private List<String> inlined = new ArrayList<>();

  @Option(
      names = "--resume",
      paramLabel = "JOB_ID",
      description =
          "Goes on from the newest checkpoint or savepoint that is stored of a job, wherever that"
              + " ended. Fails if there is none.")
  private String resumed;

  @Option(
      names = "--resume-or-start",
      paramLabel = "JOB_ID",
      description =
          "The same, but starts as if without it if there is none. May be repeated: the newest of all"
              + " jobs is taken.")
  private List<String> resumedOrNot = new ArrayList<>();

  @Option(
      names = "--start-after",
      paramLabel = "[TABLE=]PROGRESS",
      description =
          "Takes over from import_kafka_data(): begins behind what it has imported, as its progress"
              + " table in the database says, for instance kafka_test_import_progress. TABLE is the"
              + " Kafka table, if several are declared. For the first start only.")
  private String startAfter;

  @Option(names = "--help", usageHelp = true, description = "Shows this help.")
  private boolean help;

  /**
   * Reads a command line.
   *
   * @throws ImportFailure if it is wrong
   */
  static ImportArguments parse(String... args) {
    ImportArguments arguments = new ImportArguments();
    try {
      commandLine(arguments).parseArgs(args);
    } catch (UnmatchedArgumentException e) {
      throw ImportFailure.wrongArguments(unmatched(e.getUnmatched().get(0)));
    } catch (ParameterException e) {
      throw ImportFailure.wrongArguments(e.getMessage());
    }
    return arguments;
  }

  static String usage() {
    return commandLine(new ImportArguments()).getUsageMessage();
  }

  private static CommandLine commandLine(ImportArguments arguments) {
    return new CommandLine(arguments).setExpandAtFiles(false);
  }

  /** Shows an option's name only: anything else on the command line may be a secret. */
  private static String unmatched(String argument) {
    return argument.startsWith("-")
        ? "unknown option " + argument.replaceFirst("=.*", "")
        : "an argument stands alone: every value follows its option";
  }

  boolean help() {
    return help;
  }

  /**
   * The scripts to run, in order.
   *
   * @throws ImportFailure if the arguments do not say what to run, or a file cannot be read
   * @throws SqlScriptException if a script cannot be split into statements
   */
  ImportPlan plan() {
    List<SqlScript> scripts = new ArrayList<>();
    for (Path file : tables) {
      scripts.add(read("--tables", file));
    }
    if (sql != null) {
      refuseBesideSql();
      scripts.add(read("--sql", sql));
      return new ImportPlan(
          sql.getFileName().toString(), scripts, Optional.empty(), overrides(), lostJobs());
    }
    requireThree();
    TableImport tableImport =
        new TableImport(
            quoted("--source", source, false),
            quoted("--target", target, false),
            quoted("--columns", columns, true));
    return new ImportPlan(
        tableImport.title(), scripts, Optional.of(tableImport), overrides(), lostJobs());
  }

  /**
   * Where the first start begins, if the command line says it.
   *
   * @throws ImportFailure if it cannot be read
   */
  Optional<StartAfter> startAfter() {
    try {
      return Optional.ofNullable(startAfter).map(StartAfter::parse);
    } catch (IllegalArgumentException e) {
      throw ImportFailure.wrongArguments("--start-after: " + e.getMessage());
    }
  }

  private void refuseBesideSql() {
    if (Stream.of(source, target, columns).anyMatch(argument -> argument != null)) {
      throw ImportFailure.wrongArguments(
          "--sql runs a script; it does not go with --source, --target and --columns");
    }
  }

  private void requireThree() {
    Map<String, String> three = new LinkedHashMap<>();
    three.put("--source", source);
    three.put("--target", target);
    three.put("--columns", columns);
    List<String> missing =
        three.keySet().stream().filter(option -> three.get(option) == null).toList();
    if (missing.size() == three.size()) {
      throw ImportFailure.wrongArguments(
          "nothing to run: give --sql, or --source, --target and --columns");
    }
    if (!missing.isEmpty()) {
      throw ImportFailure.wrongArguments("missing " + String.join(" and ", missing));
    }
  }

  private static String quoted(String option, String names, boolean list) {
    try {
      return list ? SqlNames.quotedList(names) : SqlNames.quotedPath(names);
    } catch (IllegalArgumentException e) {
      throw ImportFailure.wrongArguments(option + ": " + e.getMessage());
    }
  }

  private Optional<LostJobs> lostJobs() {
    if (resumed == null && resumedOrNot.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          resumed == null ? LostJobs.of(resumedOrNot, false) : LostJobs.of(List.of(resumed), true));
    } catch (IllegalArgumentException e) {
      throw ImportFailure.wrongArguments("--resume takes the id of a job, 32 hexadecimal digits");
    }
  }

  private SqlScript read(String option, Path file) {
    try {
      Optional<String> text = inlined(file);
      return text.isPresent() ? SqlScript.parse(file.toString(), text.get()) : SqlScript.read(file);
    } catch (NoSuchFileException e) {
      throw ImportFailure.wrongArguments(option + ": there is no file " + file);
    } catch (CharacterCodingException e) {
      throw ImportFailure.wrongArguments(option + ": " + file + " is not UTF-8");
    } catch (IOException e) {
      throw ImportFailure.wrongArguments(option + ": cannot read " + file + ": " + e.getMessage());
    }
  }

  private Optional<String> inlined(Path file) {
    String name = file + "=";
    return inlined.stream()
        .filter(text -> text.startsWith(name))
        .findFirst()
        .map(text -> text.substring(name.length()));
  }

  private Map<String, String> overrides() {
    Map<String, String> overrides = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals <= 0) {
        throw ImportFailure.wrongArguments("--set takes KEY=VALUE");
      }
      if (PASSWORD.matcher(setting).find()) {
        throw ImportFailure.wrongArguments(
            "--set: it has a password, which the list of processes shows; its place is Flink's configuration, or a file or the environment there, see docs/security.md");
      }
      overrides.put(setting.substring(0, equals).strip(), setting.substring(equals + 1));
    }
    return overrides;
  }
}

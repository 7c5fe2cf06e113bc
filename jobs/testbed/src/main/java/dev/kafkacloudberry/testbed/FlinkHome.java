package dev.kafkacloudberry.testbed;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * A directory as a distribution of Flink makes one: {@code conf/}, {@code log/}, and the jars of a
 * {@code lib/} that lie elsewhere. It starts programs as Flink's own scripts start them.
 */
final class FlinkHome {

  /** What Flink's scripts open to its serializers. */
  private static final List<String> OPENED =
      Stream.of("lang", "net", "nio", "time", "util", "util.concurrent")
          .map(name -> "--add-opens=java.base/java." + name + "=ALL-UNNAMED")
          .toList();

  /** What Flink's scripts add where no options are chosen. */
  private static final List<String> FLINKS_COLLECTOR = List.of("-XX:+UseG1GC");

  private static final String LOGGING =
      """
      rootLogger.level = INFO
      rootLogger.appenderRef.file.ref = File
      appender.file.name = File
      appender.file.type = File
      appender.file.fileName = ${sys:log.file}
      appender.file.layout.type = PatternLayout
      appender.file.layout.pattern = %d{HH:mm:ss.SSS} %-5p %c{1.} [%t] %m%n
      """;

  private static final String RESULT_OF_UTILS = "BASH_JAVA_UTILS_EXEC_RESULT:";

  private final Path directory;
  private final List<Path> lib;
  private final Map<String, String> environment;

  /**
   * Lays it out.
   *
   * @param lib its jars, and folders of them
   * @param environment of its programs, beside what they inherit
   */
  FlinkHome(Path directory, List<Path> lib, Map<String, String> environment) {
    this.directory = directory;
    this.lib = List.copyOf(lib);
    this.environment = Map.copyOf(environment);
    try {
      for (Path jars : lib) {
        if (Files.notExists(jars)) {
          throw new IllegalStateException(
              "There is no %s; the modules jobs/flink-home and jobs/importer make it"
                  .formatted(jars));
        }
      }
      Files.createDirectories(conf());
      Files.createDirectories(logs());
      Files.writeString(conf().resolve("log4j.properties"), LOGGING);
    } catch (IOException e) {
      throw new UncheckedIOException("no Flink home in " + directory, e);
    }
  }

  /**
   * Writes the configuration, which programs read when they start.
   *
   * @param shipped a folder with a {@code config.yaml}
   * @param settings take precedence over those of the file
   */
  void configure(Path shipped, Map<String, String> settings) {
    try {
      Files.writeString(
          conf().resolve("config.yaml"),
          Stream.concat(
                  Files.readAllLines(shipped.resolve("config.yaml")).stream()
                      .filter(line -> !settings.containsKey(line.replaceFirst(":.*", ""))),
                  settings.entrySet().stream()
                      .map(setting -> setting.getKey() + ": " + quoted(setting.getValue())))
              .collect(Collectors.joining("\n", "", "\n")));
    } catch (IOException e) {
      throw new UncheckedIOException("no configuration in " + conf(), e);
    }
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  Path conf() {
    return directory.resolve("conf");
  }

  Path logs() {
    return directory.resolve("log");
  }

  /** The options of the JVM of a TaskManager, then the arguments that go with them. */
  List<List<String>> taskManagerResources() {
    return resources("GET_TM_RESOURCE_PARAMS", CoreOptions.FLINK_TM_JVM_OPTIONS);
  }

  /** As {@link #taskManagerResources()}, of a JobManager. */
  List<List<String>> jobManagerResources() {
    return resources("GET_JM_RESOURCE_PARAMS", CoreOptions.FLINK_JM_JVM_OPTIONS);
  }

  private List<List<String>> resources(String command, ConfigOption<String> ofThisProgram) {
    String output =
        JavaProcess.start(
                "resources",
                this,
                List.of("-Xmx128m"),
                "org.apache.flink.runtime.util.bash.BashJavaUtils",
                command,
                "--configDir",
                conf().toString())
            .awaitOutput();
    List<List<String>> results =
        output
            .lines()
            .filter(line -> line.startsWith(RESULT_OF_UTILS))
            .map(line -> List.of(line.substring(RESULT_OF_UTILS.length()).split(" ")))
            .toList();
    if (results.size() != 2) {
      throw new IllegalStateException("Flink does not say what memory it wants: " + output);
    }
    List<String> options = new ArrayList<>(results.get(0));
    String chosen = GlobalConfiguration.loadConfiguration(conf().toString()).get(ofThisProgram);
    options.addAll(chosen.isBlank() ? FLINKS_COLLECTOR : List.of(chosen.split(" ")));
    return List.of(options, results.get(1));
  }

  /** The variables of a program, beside what it inherits. */
  Map<String, String> environment() {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("FLINK_CONF_DIR", conf().toString());
    variables.put("FLINK_LOG_DIR", logs().toString());
    return variables;
  }

  /** The command line of a program. */
  List<String> command(String log, List<String> options, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(OPENED);
    command.add("-Dlog.file=" + logs().resolve(log + ".log"));
    command.add("-Dlog4j.configurationFile=" + conf().resolve("log4j.properties"));
    command.addAll(List.of("-cp", classPath(), mainClass));
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private String classPath() {
    return lib.stream()
        .map(jars -> Files.isDirectory(jars) ? jars + "/*" : jars.toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}

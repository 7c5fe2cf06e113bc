package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/scheduler.md, the samples and the helps say the same. */
class SchedulerPageTest {

  private static final Path PAGE = Path.of("../../docs/scheduler.md");
  private static final Path SAMPLES = Path.of("samples");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void thePageNamesEveryCommandAndEveryOptionThatThereIs() throws IOException {
    String page = Files.readString(PAGE);
    Set<String> options = new TreeSet<>();
    for (String command : Set.of("import-once", "start", "stop", "restart", "status")) {
      assertThat(run(command, "--help")).isZero();
      assertThat(page).contains("| `" + command + "` |");
      options.addAll(options(out.toString()));
    }
    Set<String> named = options(page.substring(page.indexOf("## Commands")));
    assertThat(named).containsExactlyElementsOf(options);
  }

  @Test
  void theHelpNamesEveryCommandAndExitCode() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("import-once", "start", "stop", "restart", "status")
        .contains("0 done", "1 failed", "2 wrong arguments", "3 the time limit", "75 another");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import-once --passwd=hunter2 | Unknown option: '--passwd'",
        "import-once hunter2 | an argument stands alone: every value follows its option",
        "import-once --time-limit soon | Invalid value for option '--time-limit': 'soon' is not a time like 90s, 30m or 2h",
        "unknown | an argument stands alone: every value follows its option"
      })
  void wrongArgumentsEndWithOneLineAndExitCode2(String arguments, String problem) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly(problem + " (--help shows the usage)");
  }

  @Test
  void thePageHasTheSampleOfTheArguments() throws IOException {
    assertThat(Files.readString(PAGE))
        .contains(
            Files.readAllLines(SAMPLES.resolve("import.args")).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "\n", "\n")));
  }

  /** The same command everywhere, which SchedulerITCase runs. */
  @ParameterizedTest
  @ValueSource(strings = {"crontab", "kafka-import@.service", "cronjob.yaml"})
  void aSampleRunsTheCommandThatIsTested(String name) throws IOException {
    String sample =
        Files.readString(SAMPLES.resolve(name)).replaceAll("\n +- \"?([^\"\n]+)\"?", " $1");
    assertThat(sample)
        .containsPattern(
            "java -jar /opt/kafka-cloudberry/kafka-cloudberry-scheduler.jar import-once --quiet"
                + " @/etc/kafka-cloudberry/(import|%i).args");
  }

  private static Set<String> options(String text) {
    return OPTION
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private int run(String... arguments) {
    return Scheduler.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}

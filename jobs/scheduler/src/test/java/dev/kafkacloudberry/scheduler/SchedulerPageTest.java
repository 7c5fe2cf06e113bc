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

/** docs/scheduler.md and the helps say the same. */
class SchedulerPageTest {

  private static final Path PAGE = Path.of("../../docs/scheduler.md");
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
        "status --flink localhost:8081 | Invalid value for option '--flink': 'localhost:8081' is no address like http://jobmanager:8081",
        "status --flink http://job_manager | Invalid value for option '--flink': 'http://job_manager' is no address like http://jobmanager:8081",
        "status --flink http://host:808100 | Invalid value for option '--flink': 'http://host:808100' is no address like http://jobmanager:8081",
        "status --flink http:// | Invalid value for option '--flink': 'http://' is no address like http://jobmanager:8081",
        "unknown | an argument stands alone: every value follows its option"
      })
  void wrongArgumentsEndWithOneLineAndExitCode2(String arguments, String problem) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly(problem + " (--help shows the usage)");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--url, jdbc:postgresql://db/x?password=hunter2",
        "--url, jdbc:postgresql://db/x?ssl=true&sslpassword=hunter2",
        "--set, cloudberry.password=hunter2",
        "--set, cloudberry.password = hunter2",
        "--set, cloudberry.url=jdbc:postgresql://db/x?password=hunter2",
        "--set, kafka.ssl.truststore.password=hunter2",
        "--set, kafka.ssl.keystore.key=hunter2",
        "--set, s3.secret-key=hunter2",
        "--set, kafka.sasl.jaas.config=Module required username=\"u\" password=\"hunter2\";",
        "--set, kafka.sasl.jaas.config=Module required clientSecret='hunter2';"
      })
  void aPasswordAmongTheArgumentsIsRefusedAndNotShown(String option, String value) {
    assertThat(run("status", option, value)).isEqualTo(2);
    assertThat(err.toString())
        .contains("it has a password, which the list of processes shows: its place is ")
        .doesNotContain("hunter2")
        .hasLineCount(1);
  }

  /** Nobody listens there, which the command says, and not that anything is wrong with these. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "--url, jdbc:postgresql://db/x?user=u&ssl=true",
        "--set, cloudberry.password-file=/etc/password",
        "--set, kafka.ssl.truststore.password=${file:/etc/flink/kafka.properties:password}",
        "--set, kafka.sasl.jaas.config=Module required password=\"${env:KAFKA_PASSWORD}\";",
        "--set, kafka.sasl.oauthbearer.token.endpoint.url=https://login"
      })
  void whatOnlySaysWhereAPasswordIsIsNone(String option, String value) {
    assertThat(run("status", "--name", "any", "--flink", "http://localhost:1", option, value))
        .isEqualTo(1);
    assertThat(err.toString()).startsWith("Cannot reach Flink at ");
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

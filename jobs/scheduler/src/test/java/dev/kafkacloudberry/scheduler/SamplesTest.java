package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The samples for those that start the scheduler, which do not run here: that they are what cron,
 * systemd and Kubernetes read, and start the command that {@link SchedulerITCase} runs.
 */
class SamplesTest {

  private static final Path SAMPLES = Path.of("samples");
  private static final Path PAGE = Path.of("../../docs/scheduler.md");

  private static final List<String> COMMAND =
      List.of(
          "java",
          "-jar",
          "/opt/kafka-cloudberry/kafka-cloudberry-scheduler.jar",
          "import-once",
          "--quiet",
          "@/etc/kafka-cloudberry/import.args");

  @Test
  void thePageHasTheFileOfArgumentsAndTheLineOfTheCrontab() throws IOException {
    assertThat(Files.readString(PAGE)).contains(withoutComments("import.args"));
    assertThat(Files.readString(PAGE)).contains(lineOfTheCrontab());
  }

  @Test
  void theLineOfTheCrontabIsFiveFieldsAndTheCommand() throws IOException {
    Matcher line = Pattern.compile("((?:(?:\\d+|\\*) ){5})(.*)").matcher(lineOfTheCrontab());
    assertThat(line.matches()).isTrue();
    assertThat(line.group(2).split(" ")).containsExactlyElementsOf(COMMAND);
  }

  @Test
  void theUnitsHaveWhatSystemdAsksForAndTheCommand() throws IOException {
    Map<String, String> service = unit("kafka-import@.service");
    assertThat(service.get("Service.ExecStart").split(" "))
        .containsExactlyElementsOf(
            COMMAND.stream()
                .map(word -> word.equals("java") ? "/usr/bin/java" : word.replace("import.", "%i."))
                .toList());
    assertThat(service)
        .containsEntry("Service.Type", "oneshot")
        .containsEntry("Service.SuccessExitStatus", String.valueOf(ExitCode.BUSY));
    assertThat(unit("kafka-import@.timer"))
        .containsEntry("Timer.OnCalendar", "*-*-* 02:00:00")
        .containsEntry("Install.WantedBy", "timers.target");
  }

  @Test
  void theCronJobStartsTheCommandOnceWithTheFilesThatItMounts() throws IOException {
    Map<?, ?> job =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(SAMPLES.resolve("cronjob.yaml")));
    assertThat(job.get("apiVersion")).isEqualTo("batch/v1");
    assertThat(job.get("kind")).isEqualTo("CronJob");
    Map<?, ?> spec = map(job, "spec");
    assertThat(spec.get("schedule").toString()).isEqualTo("0 2 * * *");
    assertThat(spec.get("concurrencyPolicy")).isEqualTo("Forbid");
    Map<?, ?> pods = map(spec, "jobTemplate", "spec", "template", "spec");
    assertThat(map(spec, "jobTemplate", "spec").get("backoffLimit")).isEqualTo(0);
    assertThat(pods.get("restartPolicy")).isEqualTo("Never");
    Map<?, ?> container = (Map<?, ?>) ((List<?>) pods.get("containers")).get(0);
    assertThat(container.get("command")).isEqualTo(COMMAND);
    assertThat(names(container.get("volumeMounts"), "mountPath"))
        .containsExactly("/etc/kafka-cloudberry/import.args", "/etc/kafka-cloudberry/password");
    assertThat(names(container.get("volumeMounts"), "name"))
        .isEqualTo(names(pods.get("volumes"), "name"));
  }

  private static String withoutComments(String name) throws IOException {
    return Files.readAllLines(SAMPLES.resolve(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String lineOfTheCrontab() throws IOException {
    return withoutComments("crontab")
        .lines()
        .filter(line -> !line.matches("\\w+=.*"))
        .collect(Collectors.joining("\n"));
  }

  /** The settings of a unit, by section and key. */
  private static Map<String, String> unit(String name) throws IOException {
    String[] section = {""};
    return withoutComments(name)
        .lines()
        .filter(line -> !line.isBlank())
        .peek(
            line ->
                section[0] =
                    line.startsWith("[") ? line.substring(1, line.indexOf(']')) : section[0])
        .filter(line -> !line.startsWith("["))
        .map(line -> line.split("=", 2))
        .collect(Collectors.toMap(pair -> section[0] + "." + pair[0], pair -> pair[1]));
  }

  private static Map<?, ?> map(Map<?, ?> root, String... path) {
    Map<?, ?> found = root;
    for (String key : Arrays.asList(path)) {
      found = (Map<?, ?>) found.get(key);
    }
    return found;
  }

  private static Set<String> names(Object list, String key) {
    return ((List<?>) list)
        .stream()
            .map(one -> ((Map<?, ?>) one).get(key).toString())
            .collect(Collectors.toCollection(TreeSet::new));
  }
}

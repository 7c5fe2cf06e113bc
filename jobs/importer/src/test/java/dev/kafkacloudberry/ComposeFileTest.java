package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docker-compose.yml, as far as it can be judged where there is no Docker. */
class ComposeFileTest {

  private static final Pattern PROPERTY = Pattern.compile("<([\\w.-]+)>([\\w.-]+)</\\1>");

  @TempDir private Path directory;

  @Test
  void theShippedFileIsAsItHasToBe() throws Exception {
    assertThat(findings(ComposeFile.text())).isEmpty();
  }

  static List<Arguments> changes() {
    return List.of(
        Arguments.of("\nsecrets:", "\nsecretz:", "unknown in a file"),
        Arguments.of("hostname: cdw", "hostnam: cdw", "unknown in a service"),
        Arguments.of("dockerfile:", "docker_file:", "unknown in a build"),
        Arguments.of("retries: 10", "retry: 10", "unknown in a healthcheck"),
        Arguments.of("flink:2.3.0", "flink:2.2.0", "is not 2.3.0-scala_2.12-java17"),
        Arguments.of("kafka:4.2.0", "kafka:4.1.0", "is not 4.2.0"),
        Arguments.of("temurin:17", "temurin:21", "is not 17-jre"),
        Arguments.of("cloudberry:2.1.0", "cloudberry:2.0.0", "is not 2.1.0-incubating"),
        Arguments.of("#089fab", "#main", "is not one commit"),
        Arguments.of("prometheus:v3.5.0", "prometheus:latest", "is no version"),
        Arguments.of("prometheus:v3.5.0", "prometheus", "has no version"),
        Arguments.of(
            "/alerts.yml:/", "/alarms.yml:/", "there is no ./flink-conf/monitoring/alarms.yml"),
        Arguments.of(
            "target/kafka-cloudberry-importer",
            "target/importer",
            "there is no ./jobs/importer/target/importer.jar"),
        Arguments.of("alerts.yml:ro", "alerts.yml", "may write"),
        Arguments.of("\n    healthcheck:", "\n    x-check:", "runs on unchecked"),
        Arguments.of(
            "\n      kafka:\n        cond", "\n      kafk:\n        cond", "waits for kafk"),
        Arguments.of("service_healthy", "service_started", "service_started"),
        Arguments.of(
            "service_healthy",
            "service_completed_successfully",
            "is not service_completed_successfully"),
        Arguments.of(
            "[sql-client]\n    depends_on:\n      taskmanager",
            "[sql-client]\n    depends_on:\n      topic",
            "in another profile"),
        Arguments.of("127.0.0.1:3000:", "3000:", "is open to other machines"),
        Arguments.of("127.0.0.1:3000:3000", "127.0.0.1:9090:9090", "a port is given twice"),
        Arguments.of("- grafana:/", "- graphs:/", "are mounted"),
        Arguments.of("./.cloudberry-password", "./password", "in no file that Git ignores"),
        Arguments.of(
            "secrets/cloudberry-password", "secrets/other", "is not told the secret other"),
        Arguments.of(
            "tables/dest_table_fdw.sql",
            "tables/none.sql",
            "no /opt/kafka-cloudberry/sql/tables/none.sql in it"),
        Arguments.of(
            "@/etc/kafka-cloudberry/import",
            "@/etc/kafka-cloudberry/imports",
            "no /etc/kafka-cloudberry/imports.args in it"),
        Arguments.of("- kafka:9092", "- broker:9092", "there is no machine broker"),
        Arguments.of("\"$$access\"", "\"$access\"", "Compose would take a $"),
        Arguments.of("        else\n", "        fi else\n", "bash does not read"));
  }

  /** A rule that nothing can break is none. */
  @ParameterizedTest
  @MethodSource("changes")
  void everyRuleCanBeBroken(String before, String after, String finding) throws Exception {
    String text = ComposeFile.text();
    String broken = text.replace(before, after);
    assertThat(broken).isNotEqualTo(text);
    assertThat(findings(broken)).anyMatch(found -> found.contains(finding));
  }

  @Test
  void flinkReadsItsConfiguration() throws Exception {
    Configuration configuration = flinkConfiguration();
    assertThat(configuration.get(JobManagerOptions.TOTAL_PROCESS_MEMORY)).isNotNull();
    assertThat(configuration.get(TaskManagerOptions.TOTAL_PROCESS_MEMORY)).isNotNull();
    assertThat(configuration.get(TaskManagerOptions.NUM_TASK_SLOTS)).isPositive();
    assertThat(configuration.get(RestOptions.ADDRESS)).isEqualTo("jobmanager");
    assertThat(configuration.keySet())
        .contains("cloudberry.url", "cloudberry.username", "cloudberry.password-file")
        .contains("kafka.bootstrap.servers", "execution.checkpointing.dir")
        .containsAll(shippedKeys());
  }

  /** As the image does it: without comments, and without any space. */
  private Configuration flinkConfiguration() throws Exception {
    String properties =
        ComposeFile.read().service("jobmanager").environment().get("FLINK_PROPERTIES").toString();
    String lines =
        (Files.readString(Readme.REPOSITORY.resolve("flink-conf/config.yaml")) + properties)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceAll("\\s", "").replaceFirst(":", ": "))
            .collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve(GlobalConfiguration.FLINK_CONF_FILENAME), lines);
    Configuration configuration = GlobalConfiguration.loadConfiguration(directory.toString());
    ClusterConfigurationTest.assertEveryValueIsReadable(configuration);
    return configuration;
  }

  private static List<String> shippedKeys() {
    return List.copyOf(YamlFile.read(Readme.REPOSITORY.resolve("flink-conf/config.yaml")).keySet());
  }

  @Test
  void kafkaReadsItsConfiguration() {
    Properties properties = new Properties();
    ComposeFile.read()
        .service("kafka")
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("KAFKA_")) {
                properties.put(
                    name.substring("KAFKA_".length()).toLowerCase().replace('_', '.'),
                    value.toString());
              }
            });
    assertThat(AbstractKafkaConfig.CONFIG_DEF.names())
        .containsAll(properties.stringPropertyNames());
    assertThat(KafkaConfig.fromProps(properties).autoCreateTopicsEnable()).isFalse();
  }

  @Test
  void theReadmeHasTheCommands() throws Exception {
    String commands = Readme.read("README.md").codeWith("docker compose run --rm example");
    assertThat(commands).contains(".cloudberry-password").contains("./mvnw package -DskipTests");
    Pattern run = Pattern.compile("docker compose run --rm ([\\w-]+)");
    assertThat(run.matcher(commands).results().map(match -> match.group(1)))
        .isNotEmpty()
        .allMatch(name -> ComposeFile.read().find(name).isPresent());
  }

  private static List<String> findings(String text) throws Exception {
    return ComposeRules.findings(ComposeFile.parse(text), properties());
  }

  private static Map<String, String> properties() throws Exception {
    return PROPERTY
        .matcher(Files.readString(Readme.REPOSITORY.resolve("pom.xml")))
        .results()
        .filter(property -> property.group(1).contains("."))
        .collect(
            Collectors.toMap(
                property -> property.group(1), property -> property.group(2), (a, b) -> a));
  }
}

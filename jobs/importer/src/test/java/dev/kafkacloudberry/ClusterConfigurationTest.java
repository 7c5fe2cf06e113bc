package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.WebOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** flink-conf/config.yaml, as it is shipped and with its examples. */
class ClusterConfigurationTest {

  private static final Path SHIPPED = Path.of("../../flink-conf");

  private static final Set<String> OURS =
      Set.of(
          "kafka.bootstrap.servers",
          "cloudberry.url",
          "cloudberry.username",
          "cloudberry.password-file");

  private static final String REPORTER = "metrics.reporter.prom.";

  /** Of the reporter that is set; its class is in no jar of this module. */
  private static final Set<String> REPORTERS =
      Set.of(
          REPORTER + "factory.class", REPORTER + "port", REPORTER + "filterLabelValueCharacters");

  private static final List<Class<?>> FLINKS =
      List.of(
          CoreOptions.class,
          CheckpointingOptions.class,
          RestartStrategyOptions.class,
          MetricOptions.class,
          WebOptions.class,
          PipelineOptions.class);

  @TempDir private Path directory;

  @Test
  void flinkReadsItAsItIsMeant() {
    Configuration configuration = load(SHIPPED);
    assertThat(configuration.keySet()).isSubsetOf(keysOfFlink());
    assertThat(configuration.get(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION))
        .isEqualTo(ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    assertThat(configuration.get(RestartStrategyOptions.RESTART_STRATEGY))
        .isEqualTo("exponential-delay");
    assertThat(configuration.keySet()).containsAll(REPORTERS);
    assertEveryValueIsReadable(configuration);
  }

  @Test
  void itsExamplesAreKeysToo() throws IOException {
    String examples =
        Files.readAllLines(SHIPPED.resolve(GlobalConfiguration.FLINK_CONF_FILENAME)).stream()
            .map(line -> line.replaceFirst("^# ([\\w.-]+: \\S+)$", "$1"))
            .collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve(GlobalConfiguration.FLINK_CONF_FILENAME), examples);
    Set<String> known = new HashSet<>(keysOfFlink());
    known.addAll(OURS);
    assertThat(load(directory).keySet())
        .isSubsetOf(known)
        .containsAll(OURS)
        .contains(
            CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
            CheckpointingOptions.SAVEPOINT_DIRECTORY.key());
  }

  private static Configuration load(Path folder) {
    return GlobalConfiguration.loadConfiguration(folder.toString());
  }

  private static Set<String> keysOfFlink() {
    return Stream.concat(options().stream().map(ConfigOption::key), REPORTERS.stream())
        .collect(Collectors.toSet());
  }

  static void assertEveryValueIsReadable(Configuration configuration) {
    for (ConfigOption<?> option : options()) {
      if (configuration.contains(option)) {
        assertThat((Object) configuration.get(option)).as(option.key()).isNotNull();
      }
    }
  }

  private static List<ConfigOption<?>> options() {
    return FLINKS.stream()
        .flatMap(type -> List.of(type.getFields()).stream())
        .filter(field -> field.getType() == ConfigOption.class)
        .<ConfigOption<?>>map(ClusterConfigurationTest::valueOf)
        .toList();
  }

  private static ConfigOption<?> valueOf(Field field) {
    try {
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.util.NetUtils;
import org.junit.jupiter.api.Test;

/** Whether the files in flink-conf/monitoring/, and the page about them, are of one mind. */
class MonitoringTest {

  private static final Pattern PANEL = Pattern.compile("(?m)^\\| ([A-Z][^|`]+) \\|");
  private static final Pattern ALERT = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

  @Test
  void thePageExplainsEveryPanelAndEveryAlert() throws IOException {
    String page = Readme.read("docs/monitoring.md").text();
    assertThat(named(PANEL, page))
        .isEqualTo(values("grafana/imports.json", "title").skip(1).toList());
    assertThat(named(ALERT, page)).isEqualTo(values("alerts.yml", "alert").toList());
  }

  @Test
  void thePromisedTestIsOfTheseAlerts() {
    assertThat(values("alerts.test.yml", "alertname").distinct())
        .containsExactlyElementsOf(values("alerts.yml", "alert").toList());
  }

  @Test
  void prometheusReadsTheAlertsAndAsksWhereFlinkAnswers() {
    Map<String, Object> prometheus = read("prometheus.yml");
    assertThat(prometheus.get("rule_files")).isEqualTo(List.of("alerts.yml"));
    int first = NetUtils.getPortRangeFromString(reporterPorts()).next();
    assertThat(prometheus.get("scrape_configs").toString())
        .contains(
            "targets=[jobmanager:" + first + "]", "names=[taskmanager], type=A, port=" + first);
  }

  @Test
  void grafanaAsksPrometheus() {
    String uid = values("grafana/datasource.yml", "uid").findFirst().orElseThrow();
    assertThat(values("grafana/imports.json", "uid").skip(1)).isNotEmpty().containsOnly(uid);
  }

  private static String reporterPorts() {
    return YamlFile.read(Readme.REPOSITORY.resolve("flink-conf/config.yaml"))
        .get("metrics.reporter.prom.port")
        .toString();
  }

  private static List<String> named(Pattern pattern, String page) {
    return pattern.matcher(page).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static Stream<String> values(String file, String key) {
    return MonitoringFiles.values(read(file), key);
  }

  private static Map<String, Object> read(String file) {
    return YamlFile.read(MonitoringFiles.FOLDER.resolve(file));
  }
}

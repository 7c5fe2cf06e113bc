package dev.kafkacloudberry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What flink-conf/monitoring/ ships. */
final class MonitoringFiles {

  static final Path FOLDER = Readme.REPOSITORY.resolve("flink-conf/monitoring");

  private MonitoringFiles() {}

  /** The queries of the alerts. */
  static List<String> alerts() {
    return values(YamlFile.read(FOLDER.resolve("alerts.yml")), "expr").toList();
  }

  /** The queries of the dashboard's panels, and of what it can be narrowed down by. */
  static List<String> dashboard() {
    Map<String, Object> dashboard = YamlFile.read(FOLDER.resolve("grafana/imports.json"));
    List<String> queries = new ArrayList<>(values(dashboard.get("panels"), "expr").toList());
    values(dashboard.get("templating"), "query")
        .map(query -> query.replaceFirst("^label_values\\((.+), (\\w+)\\)$", "max by ($2) ($1)"))
        .forEach(queries::add);
    return queries;
  }

  /** The texts under a key, wherever it stands. */
  static Stream<String> values(Object tree, String key) {
    if (tree instanceof Map<?, ?> map) {
      return Stream.concat(
          Stream.ofNullable(map.get(key)).filter(String.class::isInstance).map(Objects::toString),
          map.values().stream().flatMap(value -> values(value, key)));
    }
    return tree instanceof Collection<?> list
        ? list.stream().flatMap(element -> values(element, key))
        : Stream.empty();
  }
}

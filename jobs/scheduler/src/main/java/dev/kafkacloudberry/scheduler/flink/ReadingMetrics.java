package dev.kafkacloudberry.scheduler.flink;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what the readers of the kafka-partitioned tables tell by their metrics. */
final class ReadingMetrics {

  private static final String PROGRESS = "readingProgress";
  private static final String PARTITIONS = "partitionsToRead";

  private final FlinkRest rest;
  private final String page;
  private final List<PartitionProgress> partitions = new ArrayList<>();
  private final List<Integer> attempts = new ArrayList<>();
  private boolean isComplete = true;
  private boolean hasSources;
  private boolean isSilent;

  private ReadingMetrics(FlinkRest rest, String page) {
    this.rest = rest;
    this.page = page;
  }

  static Reading of(FlinkRest rest, String job) throws IOException, FlinkException {
    ReadingMetrics metrics = new ReadingMetrics(rest, "/jobs/" + job);
    JsonObject details = rest.get("/jobs/" + job).getAsJsonObject();
    for (JsonElement vertex : details.getAsJsonArray("vertices")) {
      JsonObject fields = vertex.getAsJsonObject();
      if (fields.get("name").getAsString().startsWith("Source: ")) {
        metrics.add(
            fields.get("id").getAsString(), fields.get("status").getAsString().equals("RUNNING"));
      }
    }
    return new Reading(
        metrics.partitions,
        metrics.isComplete && metrics.hasSources,
        metrics.isSilent,
        metrics.attempts);
  }

  private void add(String id, boolean isRunning) throws IOException, FlinkException {
    String vertex = page + "/vertices/" + id;
    Map<Integer, Integer> current = currentAttempts(vertex);
    attempts.addAll(current.values());
    Map<String, String> told = values(vertex + "/metrics", PROGRESS);
    Optional<String[]> toRead =
        values(vertex + "/jm-operator-metrics", PARTITIONS).values().stream()
            .map(text -> text.split(" "))
            .findFirst();
    String plan = toRead.map(words -> words[0]).orElse("");
    int before = partitions.size();
    int readers = 0;
    for (Map.Entry<String, String> reader : told.entrySet()) {
      int subtask = Integer.parseInt(reader.getKey().replaceFirst("\\..*", ""));
      String[] words = reader.getValue().split(" ");
      // After a restart the metrics of the attempt before stay for a moment. And after a JobManager
      // was lost, its tasks go on for a while, under the same names as those of its successor's.
      if (words[0].equals(plan) && words[1].equals(String.valueOf(current.get(subtask)))) {
        Arrays.stream(words)
            .skip(2)
            .map(text -> PartitionProgress.parse(id, text))
            .forEach(partitions::add);
        readers++;
      }
    }
    isSilent |= isRunning && readers == 0;
    hasSources = true;
    List<PartitionProgress> added = partitions.subList(before, partitions.size());
    int expected = toRead.map(words -> Integer.parseInt(words[1])).orElse(-1);
    isComplete &=
        readers == current.size()
            && expected >= 0
            && added.size() >= expected
            && added.stream().allMatch(partition -> partition.end().isPresent());
  }

  /** By subtask. */
  private Map<Integer, Integer> currentAttempts(String vertex) throws IOException, FlinkException {
    Map<Integer, Integer> current = new HashMap<>();
    for (JsonElement subtask : rest.get(vertex).getAsJsonObject().getAsJsonArray("subtasks")) {
      JsonObject fields = subtask.getAsJsonObject();
      current.put(fields.get("subtask").getAsInt(), fields.get("attempt").getAsInt());
    }
    return current;
  }

  /** The values of all metrics of a name, by their whole ids. */
  private Map<String, String> values(String page, String name) throws IOException, FlinkException {
    List<String> ids = new ArrayList<>();
    for (JsonElement metric : rest.get(page).getAsJsonArray()) {
      String id = metric.getAsJsonObject().get("id").getAsString();
      if (id.endsWith("." + name)) {
        ids.add(id);
      }
    }
    Map<String, String> values = new HashMap<>();
    if (!ids.isEmpty()) {
      String query =
          ids.stream()
              .map(id -> URLEncoder.encode(id, StandardCharsets.UTF_8))
              .collect(Collectors.joining(","));
      for (JsonElement metric : rest.get(page + "?get=" + query).getAsJsonArray()) {
        JsonObject fields = metric.getAsJsonObject();
        values.put(fields.get("id").getAsString(), fields.get("value").getAsString());
      }
    }
    return values;
  }
}

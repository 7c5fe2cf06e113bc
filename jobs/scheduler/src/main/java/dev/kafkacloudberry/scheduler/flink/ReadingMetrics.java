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

  /** A request's line may have 4,096 characters. */
  private static final int IDS_AT_ONCE = 15;

  private final FlinkRest rest;
  private final String page;
  private final List<PartitionProgress> partitions = new ArrayList<>();
  private final List<String> foreign = new ArrayList<>();
  private final List<Integer> attempts = new ArrayList<>();
  private boolean isComplete = true;
  private boolean hasSources;

  private ReadingMetrics(FlinkRest rest, String page) {
    this.rest = rest;
    this.page = page;
  }

  static Reading of(FlinkRest rest, String job) throws IOException, FlinkException {
    ReadingMetrics metrics = new ReadingMetrics(rest, "/jobs/" + job);
    JsonObject details = rest.get(metrics.page).getAsJsonObject();
    for (JsonElement vertex : details.getAsJsonArray("vertices")) {
      JsonObject fields = vertex.getAsJsonObject();
      if (fields.get("name").getAsString().startsWith("Source: ")) {
        metrics.add(fields);
      }
    }
    return new Reading(
        metrics.partitions,
        metrics.isComplete && metrics.hasSources,
        metrics.foreign,
        // With high availability a successor of the JobManager counts attempts anew.
        details.getAsJsonObject("timestamps").get("CREATED") + " " + metrics.attempts);
  }

  private void add(JsonObject source) throws IOException, FlinkException {
    String id = source.get("id").getAsString();
    String vertex = page + "/vertices/" + id;
    Map<Integer, Integer> current = currentAttempts(vertex);
    attempts.addAll(current.values());
    // The enumerator is in the JobManager, so that this is never missing for long.
    Optional<String[]> toRead =
        values(vertex + "/jm-operator-metrics", PARTITIONS).values().stream()
            .map(text -> text.split(" "))
            .findFirst();
    if (toRead.isPresent()) {
      hasSources = true;
      addReaders(id, current, toRead.get());
      return;
    }
    switch (source.get("status").getAsString()) {
      case "RUNNING" -> foreign.add(source.get("name").getAsString().replaceFirst("^Source: ", ""));
      // It has an end, as a table of the database that is joined has, and is there.
      case "FINISHED" -> {}
      default -> isComplete = false;
    }
  }

  private void addReaders(String id, Map<Integer, Integer> current, String[] toRead)
      throws IOException, FlinkException {
    int before = partitions.size();
    int readers = 0;
    for (Map.Entry<String, String> reader :
        values(page + "/vertices/" + id + "/metrics", PROGRESS).entrySet()) {
      int subtask = Integer.parseInt(reader.getKey().replaceFirst("\\..*", ""));
      String[] words = reader.getValue().split(" ");
      // After a restart the metrics of the attempt before stay for a moment. And after a JobManager
      // was lost, its tasks go on for a while, under the same names as those of its successor's.
      if (words[0].equals(toRead[0]) && words[1].equals(String.valueOf(current.get(subtask)))) {
        Arrays.stream(words)
            .skip(2)
            .map(text -> PartitionProgress.parse(id, text))
            .forEach(partitions::add);
        readers++;
      }
    }
    List<PartitionProgress> added = partitions.subList(before, partitions.size());
    int expected = Integer.parseInt(toRead[1]);
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
  private Map<String, String> values(String metrics, String name)
      throws IOException, FlinkException {
    List<String> ids = new ArrayList<>();
    for (JsonElement metric : rest.get(metrics).getAsJsonArray()) {
      String id = metric.getAsJsonObject().get("id").getAsString();
      if (id.endsWith("." + name)) {
        ids.add(id);
      }
    }
    Map<String, String> values = new HashMap<>();
    for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
      String query =
          ids.subList(from, Math.min(from + IDS_AT_ONCE, ids.size())).stream()
              .map(id -> URLEncoder.encode(id, StandardCharsets.UTF_8))
              .collect(Collectors.joining(","));
      for (JsonElement metric : rest.get(metrics + "?get=" + query).getAsJsonArray()) {
        JsonObject fields = metric.getAsJsonObject();
        values.put(fields.get("id").getAsString(), fields.get("value").getAsString());
      }
    }
    return values;
  }
}

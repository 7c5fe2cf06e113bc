package dev.kafkacloudberry.scheduler;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.kafkacloudberry.scheduler.database.ImportedPartition;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a run has imported.
 *
 * @param isComplete whether that is all that was in Kafka when it began
 * @param error what the job last failed with, if that is why it is not
 * @param began by the database's clock
 * @param state where the next run goes on
 */
record RunSummary(
    String name,
    boolean isComplete,
    Optional<String> error,
    Instant began,
    Duration took,
    Optional<String> state,
    List<ImportedPartition> imported) {

  private static final Gson JSON = new GsonBuilder().serializeNulls().setPrettyPrinting().create();

  void print(PrintWriter out, boolean asJson) {
    out.println(asJson ? JSON.toJson(json()) : text());
    out.flush();
  }

  private String text() {
    String result =
        "%s: %,d rows, %,d rejected, in %s%s"
            .formatted(
                name,
                rows(),
                rejected(),
                seconds(took),
                isComplete ? "" : "; the time limit came before the end of the topic");
    result += error.map(". The job's last error: %s"::formatted).orElse("");
    if (imported.isEmpty()) {
      return result;
    }
    TextTable table =
        new TextTable(
            List.of("sink", "topic", "partition", "from", "to", "rows", "rejected", "after"));
    for (ImportedPartition one : imported) {
      table.add(
          Arrays.asList(
              one.sink(),
              one.topic(),
              one.partition(),
              one.from(),
              one.to(),
              one.rows(),
              one.rejected(),
              seconds(Duration.between(began, one.lastCommit()))));
    }
    return table + System.lineSeparator() + result;
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("import", name);
    json.addProperty("complete", isComplete);
    json.addProperty("began", began.toString());
    json.addProperty("seconds", took.toMillis() / 1000.0);
    json.addProperty("rows", rows());
    json.addProperty("rejected", rejected());
    json.addProperty("last_error", error.orElse(null));
    json.addProperty("state", state.orElse(null));
    JsonArray partitions = new JsonArray();
    for (ImportedPartition one : imported) {
      JsonObject partition = new JsonObject();
      partition.addProperty("sink", one.sink());
      partition.addProperty("topic", one.topic());
      partition.addProperty("partition", one.partition());
      partition.addProperty("from", one.from());
      partition.addProperty("to", one.to());
      partition.addProperty("rows", one.rows());
      partition.addProperty("rejected", one.rejected());
      partition.addProperty("last_commit", one.lastCommit().toString());
      partitions.add(partition);
    }
    json.add("partitions", partitions);
    return json;
  }

  private long rows() {
    return imported.stream().mapToLong(ImportedPartition::rows).sum();
  }

  private long rejected() {
    return imported.stream().mapToLong(ImportedPartition::rejected).sum();
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}

package dev.kafkacloudberry.scheduler;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.kafkacloudberry.scheduler.database.History;
import dev.kafkacloudberry.scheduler.database.Journal;
import dev.kafkacloudberry.scheduler.database.SinkProgress;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import dev.kafkacloudberry.scheduler.flink.JobState;
import dev.kafkacloudberry.scheduler.flink.PartitionProgress;
import dev.kafkacloudberry.scheduler.flink.Reading;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far an import is.
 *
 * @param job what Flink says of its last job
 * @param error what went wrong last in the job
 * @param state where the last job ended that has ended
 * @param partitions what is committed
 * @param ends where the partitions end, as far as a running job tells
 */
record ImportStatus(
    String name,
    String job,
    Optional<String> error,
    Optional<String> state,
    List<SinkProgress> partitions,
    Map<String, Long> ends) {

  private static final Gson JSON = new GsonBuilder().serializeNulls().setPrettyPrinting().create();
  private static final int BAR = 20;

  private static final List<String> HEADING =
      List.of(
          "sink",
          "topic",
          "partition",
          "next offset",
          "end",
          "lag",
          "rows/s",
          "rejects",
          "last commit");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

  static ImportStatus of(String name, FlinkCluster flink, Journal journal, Patience patience)
      throws SchedulerException {
    History history = patience.ask(journal::history);
    Optional<String> job = history.lastJob();
    Optional<JobState> state =
        job.isEmpty() ? Optional.empty() : patience.ask(() -> flink.state(job.get()));
    Map<String, Long> ends = new HashMap<>();
    Optional<String> error = Optional.empty();
    List<String> sinks = history.sinks();
    if (state.isPresent()) {
      error = patience.ask(() -> flink.lastError(job.get()));
      if (!state.get().isEnd()) {
        patience.ask(() -> flink.reading(job.get())).ifPresent(reading -> putEnds(reading, ends));
      }
    }
    if (job.isPresent()) {
      sinks = patience.ask(() -> journal.ledger().sinks(history, job.get()));
    }
    List<String> known = sinks;
    return new ImportStatus(
        name,
        describe(history, job, state),
        error,
        history.state(),
        patience.ask(() -> journal.ledger().progress(known)),
        ends);
  }

  private static void putEnds(Reading reading, Map<String, Long> ends) {
    for (PartitionProgress partition : reading.partitions()) {
      partition.end().ifPresent(end -> ends.put(partition.name(), end));
    }
  }

  private static String describe(History history, Optional<String> job, Optional<JobState> state) {
    if (job.isEmpty()) {
      return history.number() == 0 ? "never started" : "stopped";
    }
    return "%s, job %s, started by %s"
        .formatted(
            state.map(known -> known.name().toLowerCase(Locale.ROOT)).orElse("lost by Flink"),
            job.get(),
            history.command().orElseThrow());
  }

  /**
   * @param withBars how much of each partition is committed
   */
  String text(boolean withBars) {
    List<String> heading = new ArrayList<>(HEADING);
    if (withBars) {
      heading.add("committed");
    }
    TextTable table = new TextTable(heading);
    for (SinkProgress one : partitions) {
      List<Object> row = new ArrayList<>();
      row.add(one.sink());
      row.add(one.topic());
      row.add(one.partition());
      row.add(one.nextOffset());
      row.add(end(one));
      row.add(lag(one));
      row.add(Math.round(one.rowsPerSecond()));
      row.add(one.rejects());
      row.add(TIME.format(one.lastCommit()));
      if (withBars) {
        row.add(bar(one));
      }
      table.add(row);
    }
    StringBuilder text = new StringBuilder("%s: %s%n".formatted(name, job));
    state.ifPresent(path -> text.append("last state: %s%n".formatted(path)));
    error.ifPresent(message -> text.append("last error: %s%n".formatted(message)));
    text.append(partitions.isEmpty() ? "Nothing is committed yet." : table.toString());
    return text.toString();
  }

  private String bar(SinkProgress partition) {
    Long end = end(partition);
    if (end == null || end == 0) {
      return "";
    }
    int full = (int) Math.min(BAR, BAR * partition.nextOffset() / end);
    return "█".repeat(full) + "░".repeat(BAR - full);
  }

  private Long end(SinkProgress partition) {
    return partition.topic() == null
        ? null
        : ends.get(partition.topic() + "-" + partition.partition());
  }

  private Long lag(SinkProgress partition) {
    Long end = end(partition);
    return end == null ? null : Long.valueOf(Math.max(0, end - partition.nextOffset()));
  }

  String json() {
    JsonObject json = new JsonObject();
    json.addProperty("import", name);
    json.addProperty("job", job);
    json.addProperty("last_error", error.orElse(null));
    json.addProperty("state", state.orElse(null));
    JsonArray array = new JsonArray();
    for (SinkProgress one : partitions) {
      JsonObject partition = new JsonObject();
      partition.addProperty("sink", one.sink());
      partition.addProperty("topic", one.topic());
      partition.addProperty("partition", one.partition());
      partition.addProperty("next_offset", one.nextOffset());
      partition.addProperty("end", end(one));
      partition.addProperty("lag", lag(one));
      partition.addProperty("rows", one.rows());
      partition.addProperty("rows_per_second", one.rowsPerSecond());
      partition.addProperty("rejects", one.rejects());
      partition.addProperty("last_commit", one.lastCommit().toString());
      array.add(partition);
    }
    json.add("partitions", array);
    return JSON.toJson(json);
  }
}

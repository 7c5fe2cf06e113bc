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
import dev.kafkacloudberry.scheduler.flink.Reading;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How far an import is.
 *
 * @param job what Flink says of its last job
 * @param error what went wrong last in the job; until it runs, what the one before has failed of
 * @param state where the last job ended that has ended
 * @param partitions what is committed, and what a job that runs tells of the topics
 */
record ImportStatus(
    String name,
    String job,
    Optional<String> error,
    Optional<String> state,
    List<PartitionStatus> partitions) {

  private static final Gson JSON = new GsonBuilder().serializeNulls().setPrettyPrinting().create();
  private static final int BAR = 20;

  /** What was wrong with the job before is of no interest then. */
  private static final Set<JobState> HAS_RUN = EnumSet.of(JobState.RUNNING, JobState.FINISHED);

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
    Optional<Reading> reading = Optional.empty();
    List<String> sinks = history.sinks();
    if (state.isPresent() && !state.get().isEnd()) {
      reading = patience.ask(() -> flink.reading(job.get()));
    }
    if (job.isPresent()) {
      sinks = patience.ask(() -> journal.ledger().sinks(history, job.get()));
    }
    List<String> known = sinks;
    return new ImportStatus(
        name,
        describe(history, job, state),
        error(history, state, flink, patience),
        history.state(),
        PartitionStatus.of(
            patience.ask(() -> journal.ledger().progress(known)),
            reading.map(Reading::partitions).orElse(List.of())));
  }

  private static Optional<String> error(
      History history, Optional<JobState> state, FlinkCluster flink, Patience patience)
      throws SchedulerException {
    Optional<String> error =
        state.isEmpty()
            ? Optional.empty()
            : patience.ask(() -> flink.lastError(history.lastJob().orElseThrow()));
    boolean hasRun = state.filter(HAS_RUN::contains).isPresent();
    return error.isPresent() || hasRun ? error : history.error();
  }

  private static String describe(History history, Optional<String> job, Optional<JobState> state) {
    if (job.isEmpty()) {
      String stopped =
          history.takenToRestart().isPresent() ? "stopped, to be restarted" : "stopped";
      return history.number() == 0 ? "never started" : stopped;
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
    for (PartitionStatus partition : partitions) {
      SinkProgress one = partition.progress();
      List<Object> row = new ArrayList<>();
      row.add(one.sink());
      row.add(one.topic());
      row.add(one.partition());
      row.add(one.nextOffset());
      row.add(partition.end());
      row.add(partition.lag());
      row.add(Math.round(one.rowsPerSecond()));
      row.add(one.rejects());
      row.add(one.lastCommit() == null ? null : TIME.format(one.lastCommit()));
      if (withBars) {
        row.add(bar(partition.parts(BAR)));
      }
      table.add(row);
    }
    StringBuilder text = new StringBuilder("%s: %s%n".formatted(name, job));
    state.ifPresent(path -> text.append("last state: %s%n".formatted(path)));
    error.ifPresent(message -> text.append("last error: %s%n".formatted(message)));
    text.append(partitions.isEmpty() ? "Nothing is committed yet." : table.toString());
    return text.toString();
  }

  private static String bar(Integer full) {
    return full == null ? "" : "█".repeat(full) + "░".repeat(BAR - full);
  }

  String json() {
    JsonObject json = new JsonObject();
    json.addProperty("import", name);
    json.addProperty("job", job);
    json.addProperty("last_error", error.orElse(null));
    json.addProperty("state", state.orElse(null));
    JsonArray array = new JsonArray();
    for (PartitionStatus one : partitions) {
      array.add(json(one));
    }
    json.add("partitions", array);
    return JSON.toJson(json);
  }

  private static JsonObject json(PartitionStatus status) {
    SinkProgress one = status.progress();
    JsonObject json = new JsonObject();
    json.addProperty("sink", one.sink());
    json.addProperty("topic", one.topic());
    json.addProperty("partition", one.partition());
    json.addProperty("next_offset", one.nextOffset());
    json.addProperty("end", status.end());
    json.addProperty("lag", status.lag());
    json.addProperty("rows", one.rows());
    json.addProperty("rows_per_second", one.rowsPerSecond());
    json.addProperty("rejects", one.rejects());
    json.addProperty("last_commit", one.lastCommit() == null ? null : one.lastCommit().toString());
    return json;
  }
}

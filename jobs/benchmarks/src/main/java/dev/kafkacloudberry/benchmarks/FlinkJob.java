package dev.kafkacloudberry.benchmarks;

import com.google.gson.JsonObject;
import dev.kafkacloudberry.testbed.FlinkSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job that is submitted with {@code flink run}, and what the REST interface says of it. */
final class FlinkJob {

  private static final Pattern SUBMITTED = Pattern.compile("Submitted job (\\p{XDigit}{32})");
  private static final int POLL_MILLIS = 100;

  private final FlinkSession flink;
  private final Rest rest;
  private final String id;

  private FlinkJob(FlinkSession flink, String id) {
    this.flink = flink;
    this.rest = new Rest(flink.restUri());
    this.id = id;
  }

  /**
   * @param sql the script
   */
  static FlinkJob run(FlinkSession flink, String sql, String... arguments) {
    List<String> command = new ArrayList<>(List.of("run", "-d"));
    command.add(Services.JAR.toAbsolutePath().toString());
    command.addAll(List.of("--sql", script(flink, sql).toString()));
    command.addAll(List.of(arguments));
    FlinkSession.Outcome outcome = flink.flink(command.toArray(String[]::new));
    Matcher submitted = SUBMITTED.matcher(outcome.output());
    if (outcome.exitCode() != 0 || !submitted.find()) {
      throw new IllegalStateException("flink run: " + outcome.output());
    }
    return new FlinkJob(flink, submitted.group(1));
  }

  private static Path script(FlinkSession flink, String sql) {
    try {
      return Files.writeString(flink.directory().resolve("benchmark.sql"), sql);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for its end; how many seconds it took, by Flink's own account. */
  double awaitEnd() {
    while (true) {
      JsonObject job = get("/jobs/" + id);
      switch (job.get("state").getAsString()) {
        case "FINISHED" -> {
          return job.get("duration").getAsLong() / 1e3;
        }
        case "FAILED", "CANCELED" ->
            throw new IllegalStateException("The job ended: " + get("/jobs/" + id + "/exceptions"));
        default -> Pause.millis(POLL_MILLIS);
      }
    }
  }

  void cancel() {
    FlinkSession.Outcome outcome = flink.flink("cancel", id);
    if (outcome.exitCode() != 0) {
      throw new IllegalStateException("flink cancel: " + outcome.output());
    }
  }

  private JsonObject get(String path) {
    return rest.get(path).getAsJsonObject();
  }
}

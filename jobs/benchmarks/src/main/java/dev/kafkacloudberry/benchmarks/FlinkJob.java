package dev.kafkacloudberry.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.kafkacloudberry.testbed.FlinkSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job that is submitted with {@code flink run}, and what the REST interface says of it. */
final class FlinkJob {

  private static final Pattern SUBMITTED = Pattern.compile("Submitted job (\\p{XDigit}{32})");
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int POLL_MILLIS = 20;

  private final FlinkSession flink;
  private final String id;

  private FlinkJob(FlinkSession flink, String id) {
    this.flink = flink;
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
        default -> pause();
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
    HttpRequest request = HttpRequest.newBuilder(flink.restUri().resolve(path)).build();
    try {
      return JsonParser.parseString(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** There is nothing in the REST interface that waits for a job. */
  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }
}

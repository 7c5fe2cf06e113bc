package dev.kafkacloudberry;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;

/** What a cluster tells the world about its jobs. */
record RestInterface(URI address) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A page of a job, {@code /config} say; the job's own page has an empty name. */
  String page(JobID job, String name) {
    return page("/jobs/" + job + name);
  }

  String page(String path) {
    return send(HttpRequest.newBuilder(address.resolve(path)).build());
  }

  private static String send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Cancels the jobs that have not ended, and waits for their end. */
  void cancelJobs() {
    for (String job : unfinishedJobs()) {
      send(
          HttpRequest.newBuilder(address.resolve("/jobs/" + job))
              .method("PATCH", BodyPublishers.noBody())
              .build());
    }
    await().until(() -> unfinishedJobs().isEmpty());
  }

  private List<String> unfinishedJobs() {
    List<String> jobs = new ArrayList<>();
    for (JsonNode job : json(page("/jobs")).path("jobs")) {
      if (!JobStatus.valueOf(job.path("status").asText()).isGloballyTerminalState()) {
        jobs.add(job.path("id").asText());
      }
    }
    return jobs;
  }

  /**
   * The values that the operators' subtasks report now under a name, empty while none does.
   *
   * @param operator how the operator's name ends
   */
  List<Double> metric(JobID job, String operator, String name) {
    List<Double> values = new ArrayList<>();
    for (JsonNode vertex : json(page(job, "")).path("vertices")) {
      String metrics = "/vertices/" + vertex.path("id").asText() + "/subtasks/metrics";
      for (JsonNode metric : json(page(job, metrics))) {
        String id = metric.path("id").asText();
        if (id.endsWith(operator + "." + name)) {
          String value = metrics + "?agg=sum&get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
          json(page(job, value)).forEach(sum -> values.add(sum.path("sum").asDouble()));
        }
      }
    }
    return values;
  }

  /** The texts that the job's readers and their coordinators report under a name. */
  List<String> texts(JobID job, String name) {
    List<String> values = new ArrayList<>();
    for (JsonNode vertex : json(page(job, "")).path("vertices")) {
      for (String kind : List.of("metrics", "jm-operator-metrics")) {
        String metrics = "/vertices/" + vertex.path("id").asText() + "/" + kind;
        for (JsonNode metric : json(page(job, metrics))) {
          String id = metric.path("id").asText();
          if (id.endsWith("." + name)) {
            String value = metrics + "?get=" + URLEncoder.encode(id, StandardCharsets.UTF_8);
            json(page(job, value)).forEach(text -> values.add(text.path("value").asText()));
          }
        }
      }
    }
    return values;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(text, e);
    }
  }
}

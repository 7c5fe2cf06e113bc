package dev.kafkacloudberry.scheduler.flink;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Questions to Flink, and its answers as JSON. */
final class FlinkRest {

  /** Longer than Flink takes to plan a job. */
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  /** While a JobManager starts, or a proxy in front of it finds none. */
  private static final Set<Integer> UNAVAILABLE = Set.of(502, 503, 504);

  /** How Flink says that a part of it is too busy. */
  private static final String ANSWER_TIMED_OUT = "Ask timed out";

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(LONGEST_CONNECT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  private final URI address;

  FlinkRest(URI address) {
    this.address = address;
  }

  JsonElement get(String path) throws IOException, FlinkException {
    return send(request(path).GET());
  }

  JsonElement post(String path, JsonObject body) throws IOException, FlinkException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString())));
  }

  JsonElement post(String path, String contentType, BodyPublisher body)
      throws IOException, FlinkException {
    return send(request(path).header("Content-Type", contentType).POST(body));
  }

  void patch(String path) throws IOException, FlinkException {
    send(request(path).method("PATCH", BodyPublishers.noBody()));
  }

  private HttpRequest.Builder request(String path) {
    String base = address.toString().replaceFirst("/+$", "");
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(LONGEST_ANSWER);
  }

  private JsonElement send(HttpRequest.Builder request) throws IOException, FlinkException {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), BodyHandlers.ofString());
    } catch (HttpTimeoutException e) {
      throw new IOException("Flink at %s does not answer in time".formatted(address), e);
    } catch (IOException e) {
      throw new IOException("Cannot reach Flink at %s (%s)".formatted(address, reason(e)), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    JsonElement answer = json(response);
    if (response.statusCode() < 400) {
      return answer;
    }
    String errors = errors(answer, response.statusCode());
    if (UNAVAILABLE.contains(response.statusCode()) || errors.contains(ANSWER_TIMED_OUT)) {
      throw new IOException("Flink at %s is not ready: %s".formatted(address, errors));
    }
    throw new FlinkException(errors);
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }

  private JsonElement json(HttpResponse<String> response) throws IOException {
    try {
      return JsonParser.parseString(response.body().isBlank() ? "{}" : response.body());
    } catch (JsonParseException e) {
      throw notFlink(response.statusCode());
    }
  }

  /** The failure to be thrown where an answer is none that Flink would give. */
  IOException notFlink(int status) {
    return new IOException(
        "What answers at %s is not Flink (HTTP %d). Give the address of its REST interface with --flink"
            .formatted(address, status));
  }

  private String errors(JsonElement answer, int status) throws IOException {
    if (answer instanceof JsonObject fields && fields.get("errors") instanceof JsonArray errors) {
      return StackTraceText.messages(
          StreamSupport.stream(errors.spliterator(), false)
              .map(JsonElement::getAsString)
              .collect(Collectors.joining("\nCaused by: ")));
    }
    throw notFlink(status);
  }
}

package dev.kafkacloudberry.scheduler;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Somebody who looks at the pages of every job all the time, as Flink's web interface does. What
 * Flink has answered to him it answers to others for a while.
 */
final class Onlooker implements AutoCloseable {

  private static final Pattern JOB = Pattern.compile("\"id\":\"(\\p{XDigit}{32})\"");
  private static final List<String> PAGES = List.of("", "/checkpoints", "/exceptions");
  private static final int MILLIS = 100;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final URI flink;

  Onlooker(URI flink) {
    this.flink = flink;
    executor.scheduleWithFixedDelay(this::look, 0, MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      for (String job : JOB.matcher(get("/jobs")).results().map(found -> found.group(1)).toList()) {
        for (String page : PAGES) {
          get("/jobs/" + job + page);
        }
      }
    } catch (IOException e) {
      // Nobody is there at the moment.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(flink.resolve(path)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

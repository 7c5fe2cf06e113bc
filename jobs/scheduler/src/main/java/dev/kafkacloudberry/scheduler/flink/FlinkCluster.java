package dev.kafkacloudberry.scheduler.flink;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Flink session cluster.
 *
 * <p>All methods throw {@link IOException} if it cannot be reached, which may pass, and {@link
 * FlinkException} if it refuses.
 */
public final class FlinkCluster {

  private static final String SAVEPOINT = "savepoint";

  /** Another program's might do anything to the JobManager, in which Flink runs it. */
  private static final String IMPORTER = "dev.kafkacloudberry.job.ImportJob";

  /** How Flink says that a jar has no program of that name, or is none. */
  private static final Pattern NO_IMPORTER =
      Pattern.compile("was not found in the jar file|Error while opening jar file");

  private final FlinkRest rest;
  private final JarStore jars;

  public FlinkCluster(URI address) {
    rest = new FlinkRest(address);
    jars = new JarStore(rest);
  }

  /** The cluster's configuration; values that are secret are hidden. */
  public Map<String, String> configuration() throws IOException, FlinkException {
    Map<String, String> configuration = new HashMap<>();
    if (rest.get("/jobmanager/config") instanceof JsonArray entries) {
      for (JsonElement entry : entries) {
        if (entry instanceof JsonObject fields
            && fields.get("key") instanceof JsonPrimitive key
            && fields.get("value") instanceof JsonPrimitive value) {
          configuration.put(key.getAsString(), value.getAsString());
        }
      }
    }
    // It is the first thing that every command asks for, and Flink's own is never empty.
    if (configuration.isEmpty()) {
      throw rest.notFlink(HttpURLConnection.HTTP_OK);
    }
    return configuration;
  }

  /** An id for a job that is to be started: Flink starts no second one of the same id. */
  public static String newJobId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * Starts a job of the importer.
   *
   * @param job its id
   * @param jar the importer's
   * @param arguments of the importer
   */
  public void run(String job, Path jar, List<String> arguments) throws IOException, FlinkException {
    JsonObject body = new JsonObject();
    body.addProperty("jobId", job);
    JsonArray list = new JsonArray();
    arguments.forEach(list::add);
    body.add("programArgsList", list);
    body.addProperty("entryClass", IMPORTER);
    String id = jars.id(jar);
    try {
      rest.post("/jars/" + id + "/run", body);
    } catch (FlinkException e) {
      throw NO_IMPORTER.matcher(e.getMessage()).find()
          ? new FlinkException(
              "%s is not the importer's jar: name kafka-cloudberry-importer.jar with --jar"
                  .formatted(jar))
          : e;
    }
  }

  /** The state of a job, empty if the cluster does not know it. */
  public Optional<JobState> state(String job) throws IOException, FlinkException {
    for (JsonElement one : rest.get("/jobs").getAsJsonObject().getAsJsonArray("jobs")) {
      JsonObject fields = one.getAsJsonObject();
      if (fields.get("id").getAsString().equals(job)) {
        return Optional.of(JobState.of(fields.get("status").getAsString()));
      }
    }
    return Optional.empty();
  }

  /** Whether all tasks of a job run: one that is RUNNING may still wait for slots. */
  public boolean isRunning(String job) throws IOException, FlinkException {
    Optional<JsonElement> page = ifKnown(job, () -> rest.get("/jobs/" + job));
    if (page.isEmpty()) {
      return false;
    }
    JsonObject details = page.get().getAsJsonObject();
    return details.get("state").getAsString().equals("RUNNING")
        && details.getAsJsonArray("vertices").asList().stream()
            .map(vertex -> vertex.getAsJsonObject().get("status").getAsString())
            .allMatch(status -> status.equals("RUNNING") || status.equals("FINISHED"));
  }

  /** Why a job, or a part of it, failed last; empty if it never did, or is not known. */
  public Optional<String> lastError(String job) throws IOException, FlinkException {
    return ifKnown(job, () -> rest.get("/jobs/" + job + "/exceptions"))
        .map(
            page ->
                page.getAsJsonObject()
                    .getAsJsonObject("exceptionHistory")
                    .getAsJsonArray("entries"))
        .filter(entries -> !entries.isEmpty())
        .map(entries -> StackTraceText.messages(stackTraces(entries.get(0).getAsJsonObject())));
  }

  /** A job that fails while it stops says only that; what else failed then says why. */
  private static String stackTraces(JsonObject failure) {
    return Stream.concat(
            Stream.of(failure),
            failure.getAsJsonArray("concurrentExceptions").asList().stream()
                .map(JsonElement::getAsJsonObject))
        .map(one -> one.get("stacktrace").getAsString())
        .collect(Collectors.joining("\nCaused by: "));
  }

  /** How far a job has read, empty if the cluster does not know it. */
  public Optional<Reading> reading(String job) throws IOException, FlinkException {
    return ifKnown(job, () -> ReadingMetrics.of(rest, job));
  }

  /**
   * How old the answers may be to all questions about one job but for its state: Flink keeps them,
   * whoever has asked.
   */
  public Duration refreshInterval() throws IOException, FlinkException {
    return Duration.ofMillis(
        rest.get("/config").getAsJsonObject().get("refresh-interval").getAsLong());
  }

  /**
   * The newest savepoint or checkpoint of a job, or else the one that it was restored from, which
   * is none of its own; empty if there is none, or the job is not known.
   */
  public Optional<StoredState> newestState(String job) throws IOException, FlinkException {
    Optional<JsonElement> page = ifKnown(job, () -> rest.get("/jobs/" + job + "/checkpoints"));
    return page.flatMap(
        checkpoints -> {
          JsonObject latest = checkpoints.getAsJsonObject().getAsJsonObject("latest");
          return Stream.of("completed", SAVEPOINT, "restored")
              .filter(kind -> latest.has(kind) && latest.get(kind).isJsonObject())
              .max(Comparator.comparingLong(kind -> id(latest.getAsJsonObject(kind))))
              .map(
                  kind ->
                      new StoredState(
                          latest.getAsJsonObject(kind).get("external_path").getAsString(),
                          kind.equals(SAVEPOINT)));
        });
  }

  private static long id(JsonObject checkpoint) {
    return checkpoint.get("id").getAsLong();
  }

  /** A question about one job. */
  private interface Question<T> {
    T ask() throws IOException, FlinkException;
  }

  /** A job may be lost with its JobManager between two questions. */
  private <T> Optional<T> ifKnown(String job, Question<T> question)
      throws IOException, FlinkException {
    try {
      return Optional.of(question.ask());
    } catch (FlinkException e) {
      if (state(job).isEmpty()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Asks a job to stop with a savepoint.
   *
   * @return what to ask with how it went
   */
  public String stop(String job, String directory) throws IOException, FlinkException {
    JsonObject body = new JsonObject();
    body.addProperty("targetDirectory", directory);
    body.addProperty("drain", false);
    return requestId(rest.post("/jobs/" + job + "/stop", body));
  }

  /**
   * The savepoint of a job that was asked to stop, empty while it is not done.
   *
   * @throws FlinkException if it does not stop
   */
  public Optional<String> savepoint(String job, String request) throws IOException, FlinkException {
    return operation("/jobs/" + job + "/savepoints/" + request)
        .map(operation -> operation.get("location").getAsString());
  }

  /** Cancels a job; its checkpoints stay. */
  public void cancel(String job) throws IOException, FlinkException {
    rest.patch("/jobs/" + job + "?mode=cancel");
  }

  /**
   * Asks to remove a savepoint from the storage.
   *
   * @return what to ask with how it went
   */
  public String dispose(String path) throws IOException, FlinkException {
    JsonObject body = new JsonObject();
    body.addProperty("savepoint-path", path);
    return requestId(rest.post("/savepoint-disposal", body));
  }

  /**
   * Whether a savepoint is gone that was to be removed.
   *
   * @throws FlinkException if it cannot be removed
   */
  public boolean isDisposed(String request) throws IOException, FlinkException {
    return operation("/savepoint-disposal/" + request).isPresent();
  }

  private static String requestId(JsonElement answer) {
    return answer.getAsJsonObject().get("request-id").getAsString();
  }

  private Optional<JsonObject> operation(String path) throws IOException, FlinkException {
    JsonObject answer = rest.get(path).getAsJsonObject();
    if (!answer.getAsJsonObject("status").get("id").getAsString().equals("COMPLETED")) {
      return Optional.empty();
    }
    JsonObject operation = answer.getAsJsonObject("operation");
    if (operation.has("failure-cause")) {
      throw new FlinkException(
          StackTraceText.messages(
              operation.getAsJsonObject("failure-cause").get("stack-trace").getAsString()));
    }
    return Optional.of(operation);
  }
}

package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Flink session cluster of real processes, a JobManager and TaskManagers, with the command line
 * and the SQL client beside it. Its processes can be killed, paused and started again.
 */
public final class FlinkSession implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String HOST = "localhost";

  /** They end before it would pay to compile them well. */
  private static final List<String> FOR_PROGRAMS =
      List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Scratch scratch = new Scratch("testbed-flink", this);
  private final HttpClient http = HttpClient.newHttpClient();
  private final FlinkHome home;
  private final Path conf;
  private final Map<String, String> base = new TreeMap<>();
  private final URI rest;
  private final List<List<String>> taskManagerResources;
  private final List<JavaProcess> taskManagers = new ArrayList<>();
  private JavaProcess jobManager;
  private int programs;

  /** How a program of the command line ended. */
  public record Outcome(int exitCode, String output) {}

  /**
   * Starts a JobManager.
   *
   * @param lib the jars of Flink and whatever else is in its {@code lib/}, and folders of jars
   * @param conf a folder with the cluster's {@code config.yaml}
   * @param settings take precedence over those of the file; directories of checkpoints and
   *     savepoints, addresses, small memories and short heartbeats are set already
   */
  public FlinkSession(List<Path> lib, Path conf, Map<String, String> settings) {
    this(lib, conf, settings, Map.of());
  }

  /** As the other one, with variables in the environment of all processes. */
  public FlinkSession(
      List<Path> lib, Path conf, Map<String, String> settings, Map<String, String> environment) {
    this.conf = conf;
    int restPort = freePort();
    rest = URI.create("http://%s:%d".formatted(HOST, restPort));
    base.put("jobmanager.rpc.address", HOST);
    base.put("jobmanager.rpc.port", String.valueOf(freePort()));
    base.put("rest.address", HOST);
    base.put("rest.port", String.valueOf(restPort));
    base.put("jobmanager.memory.process.size", "1 gb");
    base.put("taskmanager.memory.process.size", "1 gb");
    base.put("taskmanager.numberOfTaskSlots", "4");
    base.put("execution.checkpointing.dir", directory().resolve("checkpoints").toUri().toString());
    base.put(
        "execution.checkpointing.savepoint-dir",
        directory().resolve("savepoints").toUri().toString());
    base.put("heartbeat.interval", "1 s");
    base.put("heartbeat.timeout", "10 s");
    base.put("io.tmp.dirs", directory().resolve("tmp").toString());
    try {
      home = new FlinkHome(scratch.resolve("home"), lib, environment);
      configure(settings);
      taskManagerResources = home.taskManagerResources();
      startJobManager();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The settings of what is started from now on, in place of those that it was made with. */
  public void configure(Map<String, String> settings) {
    Map<String, String> all = new TreeMap<>(base);
    all.putAll(settings);
    home.configure(conf, all);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A directory that lives as long as the cluster. */
  public Path directory() {
    return scratch.directory();
  }

  /** Where its processes log, each to a file of its own, and where what they print is kept. */
  public Path logs() {
    return home.logs();
  }

  public URI restUri() {
    return rest;
  }

  /** Starts the JobManager, again if it was killed, and waits for its REST interface. */
  public void startJobManager() {
    List<List<String>> resources = home.jobManagerResources();
    jobManager =
        start(
            "jobmanager",
            resources.get(0),
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--executionMode", "cluster"),
            resources.get(1));
    Futures.awaitTrue(() -> taskManagersKnown().isPresent(), TIMEOUT, "JobManager answers");
  }

  /** Starts a TaskManager and waits until the JobManager knows it. */
  public void startTaskManager() {
    String name = "taskmanager-" + taskManagers.size();
    taskManagers.add(
        start(
            name,
            taskManagerResources.get(0),
            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
            List.of("-D", "taskmanager.resource-id=" + name),
            taskManagerResources.get(1)));
    Futures.awaitTrue(
        () -> taskManagersKnown().orElse("").contains('"' + name + '"'),
        TIMEOUT,
        name + " is known");
  }

  private JavaProcess start(
      String name,
      List<String> options,
      String mainClass,
      List<String> arguments,
      List<String> resources) {
    List<String> all = new ArrayList<>(List.of("--configDir", home.conf().toString()));
    all.addAll(arguments);
    all.addAll(resources);
    return JavaProcess.start(name, home, options, mainClass, all.toArray(String[]::new));
  }

  /** What the JobManager says of them, if it answers. */
  private Optional<String> taskManagersKnown() {
    HttpRequest request = HttpRequest.newBuilder(rest.resolve("/taskmanagers")).build();
    try {
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the JobManager", e);
    }
  }

  /** Kills the JobManager; its jobs are lost, as it is not highly available. */
  public void killJobManager() {
    jobManager.kill();
  }

  /** The JobManager runs no more until {@link #resumeJobManager}. */
  public void pauseJobManager() {
    jobManager.pause();
  }

  public void resumeJobManager() {
    jobManager.goOn();
  }

  /**
   * @param index counts TaskManagers in the order of their start, the killed ones included
   */
  public void killTaskManager(int index) {
    taskManagers.get(index).kill();
  }

  /** A TaskManager runs no more until {@link #resumeTaskManager}. */
  public void pauseTaskManager(int index) {
    taskManagers.get(index).pause();
  }

  public void resumeTaskManager(int index) {
    taskManagers.get(index).goOn();
  }

  /** Runs {@code flink} with these arguments. */
  public Outcome flink(String... arguments) {
    return run("org.apache.flink.client.cli.CliFrontend", arguments);
  }

  /** Runs {@code sql-client.sh} with these arguments. */
  public Outcome sqlClient(String... arguments) {
    List<String> all = new ArrayList<>(List.of("embedded"));
    all.addAll(List.of(arguments));
    return run("org.apache.flink.table.client.SqlClient", all.toArray(String[]::new));
  }

  private Outcome run(String mainClass, String... arguments) {
    JavaProcess program =
        JavaProcess.start("program-" + programs++, home, FOR_PROGRAMS, mainClass, arguments);
    int exitCode = program.awaitEnd();
    return new Outcome(exitCode, program.output());
  }

  @Override
  public void close() {
    taskManagers.stream().filter(JavaProcess::isAlive).forEach(JavaProcess::kill);
    if (jobManager != null && jobManager.isAlive()) {
      jobManager.kill();
    }
    scratch.close();
  }
}

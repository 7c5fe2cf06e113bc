package dev.kafkacloudberry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sees of imports what others than their owner can see: the processes on the machine, time and
 * again; what the database says its sessions do, as often; Flink's logs and its REST interface,
 * when asked to look.
 */
final class Onlooker {

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
  private static final List<String> PAGES =
      List.of(
          "/config",
          "/overview",
          "/jobmanager/config",
          "/jobmanager/environment",
          "/jobs/overview",
          "/jars",
          "/taskmanagers");
  private static final List<String> PAGES_OF_JOB =
      List.of(
          "",
          "/config",
          "/exceptions",
          "/plan",
          "/accumulators",
          "/checkpoints",
          "/checkpoints/config",
          "/jobmanager/config",
          "/jobmanager/environment");

  private final FlinkSession flink;
  private final RestInterface rest;
  private final Connection database;
  private final Set<String> commandLines = ConcurrentHashMap.newKeySet();
  private final Set<String> activity = ConcurrentHashMap.newKeySet();
  private final Set<String> pages = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService eyes = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> watching;

  Onlooker(FlinkSession flink, PostgresServer postgres) throws SQLException {
    this.flink = flink;
    this.rest = new RestInterface(flink.restUri());
    this.database = postgres.connect();
    this.watching = eyes.scheduleWithFixedDelay(this::watch, 0, 100, TimeUnit.MILLISECONDS);
  }

  private void watch() {
    ProcessHandle.allProcesses().map(Onlooker::commandLine).forEach(commandLines::add);
    try (Statement statement = database.createStatement();
        ResultSet session =
            statement.executeQuery(
                "SELECT concat_ws(' ', usename, application_name, query) FROM pg_stat_activity"
                    + " WHERE pid <> pg_backend_pid()")) {
      while (session.next()) {
        activity.add(session.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the system tells it all; what Java tells of it ends after a page of memory. */
  private static String commandLine(ProcessHandle process) {
    Path told = Path.of("/proc/%d/cmdline".formatted(process.pid()));
    try {
      return Files.readString(told, UTF_8).replace('\0', ' ');
    } catch (IOException goneOrAnotherSystem) {
      return process.info().commandLine().orElse("");
    }
  }

  /** Looks at every page of the REST interface. */
  void lookAtTheWebInterface() {
    PAGES.forEach(this::look);
    for (String job : ids(rest.page("/jobs"))) {
      PAGES_OF_JOB.forEach(page -> look("/jobs/" + job + page));
    }
    for (String taskManager : ids(rest.page("/taskmanagers"))) {
      look("/taskmanagers/" + taskManager);
    }
  }

  private static List<String> ids(String json) {
    return ID.matcher(json).results().map(match -> match.group(1)).toList();
  }

  private void look(String page) {
    pages.add(page + ": " + rest.page(page));
  }

  Set<String> commandLines() {
    return commandLines;
  }

  /** The role of each session of the database, its application, and what it last said. */
  Set<String> activity() {
    return activity;
  }

  /** The answers of the REST interface, each behind its path. */
  Set<String> pages() {
    return pages;
  }

  /** What Flink's processes have logged and printed, each behind the name of its file. */
  List<String> logs() throws IOException {
    List<String> logs = new ArrayList<>();
    try (Stream<Path> files = Files.list(flink.logs())) {
      for (Path file : files.toList()) {
        logs.add(file.getFileName() + ": " + Files.readString(file));
      }
    }
    return logs;
  }

  /**
   * Looks no more.
   *
   * @throws ExecutionException if it was blind
   */
  void stop() throws SQLException, InterruptedException, ExecutionException {
    if (watching.isDone()) {
      watching.get();
    }
    eyes.shutdownNow();
    eyes.awaitTermination(10, TimeUnit.SECONDS);
    database.close();
  }
}

package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The operating system's view of a running PostgreSQL: the postmaster and its backends. */
final class PostgresProcesses {
  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(30);

  private final ProcessHandle postmaster;

  private PostgresProcesses(ProcessHandle postmaster) {
    this.postmaster = postmaster;
  }

  /** Finds the server that runs on a data directory. */
  static PostgresProcesses of(Path data) {
    try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
      long pid = Long.parseLong(lines.findFirst().orElseThrow().trim());
      return new PostgresProcesses(ProcessHandle.of(pid).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException("no PostgreSQL runs on " + data, e);
    }
  }

  ProcessHandle postmaster() {
    return postmaster;
  }

  /**
   * An immediate shutdown: the postmaster quits its backends without any clean-up of theirs. Unlike
   * a SIGKILL it leaves no shared memory behind.
   */
  void crash() {
    Signal.QUIT.send(List.of(postmaster));
    Futures.await(postmaster.onExit(), EXIT_TIMEOUT);
  }

  /** The postmaster goes first: from then on there are no new backends to miss. */
  void freeze() {
    Signal.STOP.send(List.of(postmaster));
    Signal.STOP.send(postmaster.descendants().toList());
  }

  void thaw() {
    List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
    all.add(postmaster);
    Signal.CONT.send(all);
  }
}

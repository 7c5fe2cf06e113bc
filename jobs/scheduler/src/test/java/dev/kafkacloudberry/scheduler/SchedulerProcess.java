package dev.kafkacloudberry.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The scheduler's jar in a process of its own, as cron starts it. */
final class SchedulerProcess {

  private static final Path JAR = Path.of("target/kafka-cloudberry-scheduler.jar");
  private static final int LONGEST_RUN_SECONDS = 180;

  private final Process process;
  private final Path out;
  private final Path err;

  /** How it ended. */
  record Outcome(int exitCode, String out, String err) {

    @Override
    public String toString() {
      return "exit code %d%n%s%n%s".formatted(exitCode, out, err);
    }
  }

  private SchedulerProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param directory for what it prints
   */
  static SchedulerProcess start(Path directory, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(directory, "scheduler", ".out");
      Path err = Files.createTempFile(directory, "scheduler", ".err");
      return new SchedulerProcess(
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start(),
          out,
          err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it without any clean-up of its own. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  Outcome await() {
    try {
      if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
        kill();
        throw new IllegalStateException("The scheduler does not end: " + read(out) + read(err));
      }
      return new Outcome(process.exitValue(), read(out), read(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

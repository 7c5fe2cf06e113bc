package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of a {@link FlinkHome} that runs in a process of its own. */
final class JavaProcess {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final String name;
  private final Process process;
  private final Path output;

  private JavaProcess(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /**
   * @param name of its log and of what it prints
   * @param options of the JVM
   */
  static JavaProcess start(
      String name, FlinkHome home, List<String> options, String mainClass, String... arguments) {
    Path output = home.logs().resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(home.command(name, options, mainClass, arguments))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(home.environment());
    try {
      return new JavaProcess(name, builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not start", e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed, on both of its streams. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for its end.
   *
   * @return its exit code
   */
  int awaitEnd() {
    try {
      if (process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    throw new IllegalStateException("%s does not end: %s".formatted(name, output()));
  }

  /**
   * Waits for its success.
   *
   * @return what it has printed
   */
  String awaitOutput() {
    int exitCode = awaitEnd();
    if (exitCode != 0) {
      throw new IllegalStateException(
          "%s ended with exit code %d: %s".formatted(name, exitCode, output()));
    }
    return output();
  }

  /** Ends it without any clean-up of its own. */
  void kill() {
    Signal.KILL.send(List.of(process.toHandle()));
    Futures.await(process.onExit(), TIMEOUT);
  }

  /** It runs no more until {@link #goOn()}. */
  void pause() {
    Signal.STOP.send(List.of(process.toHandle()));
  }

  void goOn() {
    Signal.CONT.send(List.of(process.toHandle()));
  }
}

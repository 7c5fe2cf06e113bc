package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What the operating system tells processes. */
enum Signal {
  KILL,
  QUIT,
  STOP,
  CONT;

  void send(List<ProcessHandle> processes) {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -" + this + " \"$@\"", "sh"));
    // A handle knows its process from a later one with the same id.
    processes.stream()
        .filter(ProcessHandle::isAlive)
        .map(ProcessHandle::pid)
        .map(String::valueOf)
        .forEach(command::add);
    try {
      new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("signal " + this + " not sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending signal " + this, e);
    }
  }
}

package dev.kafkacloudberry.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where figures were measured. */
final class Machine {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String MODEL = "model name";

  private Machine() {}

  static String describe() {
    return "%d cores%s, Java %s, %s %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            model().map(model -> " of " + model).orElse(""),
            Runtime.version(),
            System.getProperty("os.name"),
            System.getProperty("os.version"));
  }

  private static Optional<String> model() {
    try {
      return Files.readAllLines(CPU_INFO).stream()
          .filter(line -> line.startsWith(MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

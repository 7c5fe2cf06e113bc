package dev.kafkacloudberry.job;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The importer's jar in Flink's {@code lib/}. Where it is there, its classes are those that run,
 * and not those of the jar that Flink was given.
 */
final class InstalledJar {

  private static final String THIS_CLASS =
      InstalledJar.class.getName().replace('.', '/') + ".class";

  private InstalledJar() {}

  /**
   * @throws IllegalStateException if Flink was given another build than the one that runs
   */
  static void requireTheOneGiven() {
    URL runs = InstalledJar.class.getClassLoader().getResource(THIS_CLASS);
    URL given = Thread.currentThread().getContextClassLoader().getResource(THIS_CLASS);
    if (runs != null && given != null && !runs.equals(given)) {
      requireSame(jar(runs), jar(given));
    }
  }

  private static Path jar(URL entry) {
    try {
      return Path.of(((JarURLConnection) entry.openConnection()).getJarFileURL().toURI());
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("Cannot open " + entry, e);
    }
  }

  private static void requireSame(Path runs, Path given) {
    try {
      if (Files.mismatch(runs, given) >= 0) {
        throw new IllegalStateException(
            "Flink would run the importer in its lib/, %s, and not the one that it was given, %s, which is another build. Put the same into the lib/ of the client and of every process of the cluster, and start those again"
                .formatted(runs, given));
      }
    } catch (IOException e) {
      throw new IllegalStateException("Cannot compare %s with %s".formatted(runs, given), e);
    }
  }
}

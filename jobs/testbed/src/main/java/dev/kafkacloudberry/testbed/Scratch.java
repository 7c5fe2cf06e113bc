package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.util.FileUtils;

/**
 * A temporary directory and whatever runs in it; both end with {@link #close()}, or at the latest
 * with the JVM.
 */
final class Scratch implements AutoCloseable {
  private final Path directory;
  private final Thread atExit;

  /**
   * Creates the directory.
   *
   * @param name start of the directory's name
   * @param owner closed when the JVM ends without having closed it
   */
  Scratch(String name, AutoCloseable owner) {
    try {
      directory = Files.createTempDirectory(name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary directory for " + name, e);
    }
    atExit = new Thread(() -> closeQuietly(owner), name + "-at-exit");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  Path directory() {
    return directory;
  }

  Path resolve(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() {
    FileUtils.deleteDirectoryQuietly(directory.toFile());
    if (Thread.currentThread() != atExit) {
      forgetExit();
    }
  }

  private void forgetExit() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException alreadyExiting) {
      // The hook runs beside this call and finds everything closed.
    }
  }

  private static void closeQuietly(AutoCloseable owner) {
    try {
      owner.close();
    } catch (Exception e) {
      System.err.println("left behind at exit: " + e);
    }
  }
}

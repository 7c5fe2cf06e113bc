package dev.kafkacloudberry.staging;

import java.io.IOException;
import org.apache.flink.core.fs.Path;

/** The storage failed. File systems often say why, and seldom at which file. */
final class StorageException extends IOException {

  /**
   * @param action what could not be done, {@code read}
   */
  StorageException(String action, Path path, IOException cause) {
    super("Cannot %s %s (%s)".formatted(action, path, cause), cause);
  }
}

package dev.kafkacloudberry.staging;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A closed file of staged rows, and what it has to contain.
 *
 * @param path where it lies, as a URI that Flink's file systems understand
 * @param rows how many rows it holds
 * @param bytes its length
 * @param crc32c the CRC-32C of its bytes
 */
public record StagedFile(String path, long rows, long bytes, int crc32c) {

  /** Removes the file; one that is gone already is no error. */
  public void delete() throws IOException {
    delete(new Path(path));
  }

  static void delete(Path path) throws IOException {
    try {
      FileSystem fileSystem = path.getFileSystem();
      // The local file system does not throw when it cannot; it answers no, as for a missing file.
      if (!fileSystem.delete(path, false) && fileSystem.exists(path)) {
        throw new AccessDeniedException(path.getPath());
      }
    } catch (IOException e) {
      throw new StorageException("remove", path, e);
    }
  }
}

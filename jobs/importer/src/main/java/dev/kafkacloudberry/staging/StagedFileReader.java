package dev.kafkacloudberry.staging;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** Reads staged files, and refuses those that are not what was staged. */
public final class StagedFileReader {

  private final byte[] buffer = new byte[1 << 18];

  /**
   * Copies one file. What was written by then is worthless when this throws.
   *
   * @throws StagedFileException when the file is missing, cut short, too long or altered
   * @throws IOException when the storage or the destination fails
   */
  public void copy(StagedFile file, OutputStream destination) throws IOException {
    try (InputStream in = open(file)) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        destination.write(buffer, 0, read);
      }
    }
  }

  /**
   * Opens one file. What was read by then is worthless when the stream throws, at its end at the
   * latest.
   *
   * @return a stream, not buffered, that throws a {@link StagedFileException} when the file is cut
   *     short, too long or altered
   * @throws StagedFileException when the file is missing
   */
  public static InputStream open(StagedFile file) throws IOException {
    Path path = new Path(file.path());
    return new CheckedStagedFile(file, path, open(file, path));
  }

  private static FSDataInputStream open(StagedFile file, Path path) throws IOException {
    try {
      return path.getFileSystem().open(path);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new StagedFileException(file, "is missing", e);
    } catch (IOException e) {
      throw new StorageException("open", path, e);
    }
  }
}

package dev.kafkacloudberry.staging;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** Copies staged files out, and refuses those that are not what was staged. */
public final class StagedFileReader {

  private final byte[] buffer = new byte[1 << 18];

  /**
   * Copies one file. What was written by then is worthless when this throws.
   *
   * @throws StagedFileException when the file is missing, cut short, too long or altered
   * @throws IOException when the storage or the destination fails
   */
  public void copy(StagedFile file, OutputStream destination) throws IOException {
    Path path = new Path(file.path());
    CRC32C crc = new CRC32C();
    long length = 0;
    try (FSDataInputStream in = open(file, path)) {
      int read;
      while ((read = read(in, path)) >= 0) {
        crc.update(buffer, 0, read);
        length += read;
        destination.write(buffer, 0, read);
      }
    }
    if (length != file.bytes()) {
      throw new StagedFileException(
          file, "has %d bytes and was staged with %d".formatted(length, file.bytes()), null);
    }
    if ((int) crc.getValue() != file.crc32c()) {
      throw new StagedFileException(file, "was altered: its checksum differs", null);
    }
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

  private int read(FSDataInputStream in, Path path) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new StorageException("read", path, e);
    }
  }
}

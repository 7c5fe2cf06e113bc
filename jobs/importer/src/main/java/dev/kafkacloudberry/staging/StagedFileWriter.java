package dev.kafkacloudberry.staging;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/** A staged file while it is written. */
public final class StagedFileWriter {

  private final Path path;
  private final FSDataOutputStream out;
  private final CRC32C crc = new CRC32C();
  private long rows;
  private long bytes;

  StagedFileWriter(Path path) throws IOException {
    this.path = path;
    try {
      this.out = path.getFileSystem().create(path, WriteMode.NO_OVERWRITE);
    } catch (IOException e) {
      throw new StorageException("create", path, e);
    }
  }

  /** Appends encoded rows. */
  public void write(byte[] encoded, int length, long rowCount) throws IOException {
    try {
      out.write(encoded, 0, length);
    } catch (IOException e) {
      throw new StorageException("write", path, e);
    }
    crc.update(encoded, 0, length);
    bytes += length;
    rows += rowCount;
  }

  /** The bytes written so far. */
  public long bytes() {
    return bytes;
  }

  /** Ends the file. From here on it is on the storage, whole. */
  public StagedFile close() throws IOException {
    closeStream();
    return new StagedFile(path.toString(), rows, bytes, (int) crc.getValue());
  }

  /** Gives the file up and removes it. */
  public void discard() throws IOException {
    try {
      closeStream();
    } finally {
      StagedFile.delete(path);
    }
  }

  private void closeStream() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw new StorageException("write", path, e);
    }
  }
}

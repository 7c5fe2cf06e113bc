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
    this.out = path.getFileSystem().create(path, WriteMode.NO_OVERWRITE);
  }

  /** Appends encoded rows. */
  public void write(byte[] encoded, int length, long rowCount) throws IOException {
    out.write(encoded, 0, length);
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
    out.close();
    return new StagedFile(path.toString(), rows, bytes, (int) crc.getValue());
  }

  /** Gives the file up and removes it. */
  public void discard() throws IOException {
    try {
      out.close();
    } finally {
      path.getFileSystem().delete(path, false);
    }
  }
}

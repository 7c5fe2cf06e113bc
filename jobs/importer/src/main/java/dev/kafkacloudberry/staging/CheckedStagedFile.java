package dev.kafkacloudberry.staging;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** A staged file while it is read; at its end it has to be what was staged. */
final class CheckedStagedFile extends InputStream {

  private final StagedFile file;
  private final Path path;
  private final FSDataInputStream in;
  private final CRC32C crc = new CRC32C();
  private long length;

  CheckedStagedFile(StagedFile file, Path path, FSDataInputStream in) {
    this.file = file;
    this.path = path;
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    int read;
    try {
      read = in.read(bytes, offset, count);
    } catch (IOException e) {
      throw new StorageException("read", path, e);
    }
    if (read < 0) {
      requireWhatWasStaged();
    } else {
      crc.update(bytes, offset, read);
      length += read;
    }
    return read;
  }

  private void requireWhatWasStaged() throws StagedFileException {
    if (length != file.bytes()) {
      throw new StagedFileException(
          file, "has %d bytes and was staged with %d".formatted(length, file.bytes()), null);
    }
    if ((int) crc.getValue() != file.crc32c()) {
      throw new StagedFileException(file, "was altered: its checksum differs", null);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

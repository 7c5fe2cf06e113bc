package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileKind;
import dev.kafkacloudberry.staging.StagedFileWriter;
import java.io.IOException;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Files of what is noted beside the rows, one after the other, written through a buffer. */
final class SideFile {

  private final WriterFiles files;
  private final StagedFileKind kind;
  private final DataOutputSerializer buffer = new DataOutputSerializer(256);
  private StagedFileWriter open;
  private int number;

  SideFile(WriterFiles files, StagedFileKind kind) {
    this.files = files;
    this.kind = kind;
  }

  /** What is appended here goes into the file that is begun next, or open. */
  DataOutputSerializer buffer() {
    return buffer;
  }

  boolean isEmpty() {
    return open == null && buffer.length() == 0;
  }

  boolean isBufferFull() {
    return buffer.length() >= WriterFiles.WRITE_SIZE;
  }

  /**
   * Writes the buffer to the file.
   *
   * @param entries how many entries are in it
   */
  void drain(long entries) throws IOException {
    if (open == null) {
      open = files.create(kind, number++);
    }
    open.write(buffer.getSharedBuffer(), buffer.length(), entries);
    buffer.clear();
  }

  boolean isFull() {
    return open != null && open.bytes() >= files.rollSize();
  }

  /** Ends the file, which was drained. */
  StagedFile close() throws IOException {
    StagedFile closed = open.close();
    open = null;
    return closed;
  }

  void discard() throws IOException {
    if (open != null) {
      open.discard();
      open = null;
    }
  }
}

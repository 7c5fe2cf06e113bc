package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of a writer that are not to be loaded, in files of their own. */
final class RejectFiles {

  private final SideFile file;
  private final List<StagedFile> closed = new ArrayList<>();
  private long buffered;

  RejectFiles(WriterFiles files) {
    this.file = new SideFile(files, StagedFileKind.REJECTS);
  }

  void add(Reject reject) throws IOException {
    if (file.isEmpty()) {
      RejectsEncoding.writeHeader(file.buffer());
    }
    RejectsEncoding.write(reject, file.buffer());
    buffered++;
    if (file.isBufferFull()) {
      drain();
      if (file.isFull()) {
        closeFile();
      }
    }
  }

  private void drain() throws IOException {
    file.drain(buffered);
    buffered = 0;
  }

  /** Ends the file that is open, if there is one. */
  void closeFile() throws IOException {
    if (file.isEmpty()) {
      return;
    }
    if (buffered > 0) {
      drain();
    }
    closed.add(file.close());
  }

  /** Hands on what is closed. */
  List<StagedFile> take() {
    List<StagedFile> taken = List.copyOf(closed);
    closed.clear();
    return taken;
  }

  /** Removes what was not handed on. */
  void discard() throws IOException {
    file.discard();
    for (StagedFile one : closed) {
      one.delete();
    }
    closed.clear();
  }
}

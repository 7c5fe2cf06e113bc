package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.staging.StagedFileKind;
import dev.kafkacloudberry.staging.StagedFileWriter;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;

/**
 * Where an attempt of a writer puts its files.
 *
 * @param attempt a name that no other attempt of the writer has; without dashes
 * @param rollSize the bytes after which a file is closed and the next begun
 */
record WriterFiles(StagingDirectory staging, int writer, String attempt, long rollSize) {

  /** Enough to make a write to a file worth its while, little enough to stay in the cache. */
  static final int WRITE_SIZE = 1 << 16;

  StagedFileWriter create(StagedFileKind kind, int number) throws IOException {
    return staging.create(kind, writer, attempt, number);
  }
}

package dev.kafkacloudberry.staging;

import java.io.IOException;

/** A staged file is not what was staged. Nothing of it may be loaded. */
public final class StagedFileException extends IOException {

  StagedFileException(StagedFile file, String what, Throwable cause) {
    super("Staged file " + file.path() + " " + what, cause);
  }
}

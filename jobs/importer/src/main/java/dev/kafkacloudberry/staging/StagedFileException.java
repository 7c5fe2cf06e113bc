package dev.kafkacloudberry.staging;

import java.io.IOException;

/** A staged file is not what was staged. Nothing of it may be loaded. */
public final class StagedFileException extends IOException {

  StagedFileException(StagedFile file, String what, Throwable cause) {
    super(
        "Staged file %s %s. Bring it back; or, if the sink is given topic, partition and offset, start without this state: the rows are then read from Kafka again"
            .formatted(file.path(), what),
        cause);
  }
}

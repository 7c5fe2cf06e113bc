package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.staging.StagedFile;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Everything of one checkpoint that is to be committed, in one transaction. It says itself what it
 * is and where it goes, so a job that restores it, whichever that is, commits what was meant.
 *
 * @param jobId the job that staged the rows
 * @param checkpointId the checkpoint they belong to
 * @param stagedAt when the checkpoint's barrier passed
 */
record CloudberryCommittable(
    UUID commitId,
    String sinkId,
    String jobId,
    long checkpointId,
    Instant stagedAt,
    StagedTarget target,
    List<StagedFile> files) {

  long rows() {
    return files.stream().mapToLong(StagedFile::rows).sum();
  }

  long bytes() {
    return files.stream().mapToLong(StagedFile::bytes).sum();
  }

  Load asLoad() {
    return new Load(
        commitId,
        sinkId,
        jobId,
        checkpointId,
        rows(),
        bytes(),
        target.table(),
        target.columns(),
        target.format().option(),
        target.format() == CopyFormat.BINARY);
  }
}

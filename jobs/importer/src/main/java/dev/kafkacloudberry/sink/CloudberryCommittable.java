package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.staging.StagedFile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Everything of one checkpoint that is to be committed, in one transaction. It says itself what it
 * is and where it goes, so a job that restores it, whichever that is, commits what was meant.
 *
 * @param jobId the job that staged the rows
 * @param run names the sink of the submission that staged them; a state of version 1 does not know
 * @param repair the rows were rejected before, and the ranges hold nothing but their places
 * @param checkpointId the checkpoint they belong to
 * @param stagedAt when the checkpoint's barrier passed
 * @param rejects the files of the rows that go into the ledger instead
 * @param ranges which offsets the rows cover, the rejected ones included; one for each partition
 * @param skipped how many rows were left out because an earlier commit holds them
 */
record CloudberryCommittable(
    UUID commitId,
    String sinkId,
    String jobId,
    Optional<UUID> run,
    boolean repair,
    long checkpointId,
    Instant stagedAt,
    StagedTarget target,
    List<DataFile> data,
    List<StagedFile> rejects,
    List<OffsetRange> ranges,
    long skipped) {

  long rows() {
    return data.stream().mapToLong(file -> file.rows().rows()).sum();
  }

  long bytes() {
    return data.stream().mapToLong(file -> file.rows().bytes()).sum();
  }

  long rejected() {
    return rejects.stream().mapToLong(StagedFile::rows).sum();
  }

  /** All that was staged, of whichever kind. */
  List<StagedFile> files() {
    return Stream.concat(data.stream().flatMap(DataFile::all), rejects.stream()).toList();
  }

  /**
   * @param committingRun names the sink of the submission that is going to commit it
   */
  Load asLoad(UUID committingRun) {
    return new Load(
        commitId,
        sinkId,
        jobId,
        run,
        !run.equals(Optional.of(committingRun)),
        repair,
        checkpointId,
        rows(),
        bytes(),
        rejected(),
        skipped,
        ranges,
        target.table(),
        target.columns(),
        target.format().option(),
        target.format() == CopyFormat.BINARY);
  }
}

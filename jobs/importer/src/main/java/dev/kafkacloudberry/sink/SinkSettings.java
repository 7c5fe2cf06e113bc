package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.RetryPolicy;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;

/**
 * What a sink was told.
 *
 * @param table the target table, qualified and quoted
 * @param sinkId names the sink in the ledger, over all jobs
 * @param stagingRoot the folder in which sinks stage their rows
 * @param run names this sink of this submission, restarts included; no other has the same
 * @param rollSize the bytes after which a staged file is closed and the next begun
 * @param formats the COPY formats to choose from
 * @param stagingRetention how long staged files are kept that nothing seems to need
 * @param ledgerRetention how long the ledger remembers a commit, and so how old a savepoint may be
 * @param lockTimeout the longest wait for a lock in the database before the attempt is repeated
 * @param onError what becomes of a row that the target cannot hold
 * @param rejectLimit how many rows may be rejected, null if any number may
 * @param replays what is made of rows that the ledger knows
 * @param batch the job has no checkpoints: everything is one commit at its end
 */
public record SinkSettings(
    ConnectionSettings connection,
    String table,
    String sinkId,
    String stagingRoot,
    UUID run,
    long rollSize,
    Set<CopyFormat> formats,
    Duration stagingRetention,
    String ledgerSchema,
    Duration ledgerRetention,
    Duration lockTimeout,
    RetryPolicy retry,
    OnError onError,
    RejectLimit rejectLimit,
    ReplaySettings replays,
    boolean batch)
    implements Serializable {

  StagingDirectory stagingDirectory() throws IOException {
    return new StagingDirectory(stagingRoot, sinkId, run.toString());
  }
}

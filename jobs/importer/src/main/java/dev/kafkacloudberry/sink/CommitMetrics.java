package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Load;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a committer tells Flink's metrics. */
final class CommitMetrics {

  private final Counter commits;
  private final Counter rows;
  private final Counter bytes;
  private final Counter rejects;
  private final Counter retries;
  private final Counter settledBytes;
  private final OptionalLong restoredCheckpoint;
  private volatile long lastDurationMillis;
  private volatile long lastCommitMillis;

  /**
   * @param restoredCheckpoint where this attempt of the job began, if it did not begin anew
   */
  CommitMetrics(MetricGroup group, OptionalLong restoredCheckpoint) {
    this.restoredCheckpoint = restoredCheckpoint;
    commits = group.counter("commits");
    rows = group.counter("committedRows");
    bytes = group.counter("committedBytes");
    rejects = group.counter("committedRejects");
    retries = group.counter("commitRetries");
    settledBytes = group.counter("settledBytes");
    group.gauge("lastCommitDurationMs", () -> lastDurationMillis);
    group.gauge("lastCommitTime", () -> lastCommitMillis);
  }

  void committed(Load load, Duration duration) {
    commits.inc();
    rows.inc(load.rows());
    bytes.inc(load.bytes());
    rejects.inc(load.rejected());
    lastDurationMillis = duration.toMillis();
    lastCommitMillis = System.currentTimeMillis();
  }

  /**
   * What was staged needs no commit any more. The writers' counters began with this attempt of the
   * job, so what an earlier one staged is left out: what they have more is what waits.
   */
  void settled(long checkpointId, long bytes) {
    if (restoredCheckpoint.isEmpty() || checkpointId > restoredCheckpoint.getAsLong()) {
      settledBytes.inc(bytes);
    }
  }

  void retried() {
    retries.inc();
  }
}

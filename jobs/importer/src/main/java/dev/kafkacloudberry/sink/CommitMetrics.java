package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Load;
import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What a committer tells Flink's metrics. */
final class CommitMetrics {

  private final Counter commits;
  private final Counter rows;
  private final Counter bytes;
  private final Counter rejects;
  private final Counter retries;
  private volatile long lastDurationMillis;
  private volatile long lastCommitMillis;

  CommitMetrics(MetricGroup group) {
    commits = group.counter("commits");
    rows = group.counter("committedRows");
    bytes = group.counter("committedBytes");
    rejects = group.counter("committedRejects");
    retries = group.counter("commitRetries");
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

  void retried() {
    retries.inc();
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a reader is, for those who wait until it has read everything: a metric like {@code PLAN 0
 * orders-0:120/120 orders-1:7/}, which is the plan of the job, the attempt of the task, and of each
 * of its partitions the next offset that goes on to the query, and where the partition ended when
 * the broker was last heard.
 *
 * <p>The fetching thread tells the ends, the task's thread the offsets, a third one reads them.
 */
final class ReadingProgress implements Gauge<String> {

  static final String METRIC = "readingProgress";

  /** Flink's name for the number of a task's attempt among the variables of its metrics. */
  private static final String ATTEMPT = "<task_attempt_num>";

  private final Map<TopicPartition, Long> next = new ConcurrentHashMap<>();
  private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();
  private final String task;

  ReadingProgress(String plan, MetricGroup metrics) {
    task = plan + " " + metrics.getAllVariables().getOrDefault(ATTEMPT, "");
    metrics.gauge(METRIC, this);
  }

  /** All before this offset has gone on to the query. */
  void wasHandedOn(TopicPartition partition, long offset) {
    next.put(partition, offset);
  }

  /**
   * Behind the last message that can be read.
   *
   * @param end empty while no broker has told
   */
  void ends(TopicPartition partition, OptionalLong end) {
    end.ifPresent(offset -> ends.put(partition, offset));
  }

  @Override
  public String getValue() {
    return next.entrySet().stream()
        .map(
            partition ->
                "%s:%d/%s"
                    .formatted(
                        partition.getKey(),
                        partition.getValue(),
                        ends.containsKey(partition.getKey()) ? ends.get(partition.getKey()) : ""))
        .sorted()
        .collect(Collectors.joining(" ", task + " ", ""));
  }
}

package dev.kafkacloudberry.kafka;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a poll has brought, partition by partition: messages, and the position behind them. */
final class FetchedRecords implements RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> {

  private record Batch(Iterator<ConsumerRecord<byte[], byte[]>> messages, Position end) {}

  private final Deque<Batch> batches = new ArrayDeque<>();
  private final Set<String> finished = new HashSet<>();
  private Batch current;
  private boolean atEnd;

  /**
   * @param messages of one partition
   * @param end where it goes on behind them
   */
  void add(List<ConsumerRecord<byte[], byte[]>> messages, Position end) {
    batches.add(new Batch(messages.iterator(), end));
  }

  /** What has been added of the split is its last. */
  void finish(String splitId) {
    finished.add(splitId);
  }

  @Override
  public String nextSplit() {
    current = batches.poll();
    atEnd = false;
    return current == null
        ? null
        : KafkaPartitionSplit.toSplitId(
            new TopicPartition(current.end().topic(), current.end().partition()));
  }

  @Override
  public ConsumerRecord<byte[], byte[]> nextRecordFromSplit() {
    if (current.messages().hasNext()) {
      return current.messages().next();
    }
    if (atEnd) {
      return null;
    }
    atEnd = true;
    return current.end();
  }

  @Override
  public Set<String> finishedSplits() {
    return finished;
  }
}

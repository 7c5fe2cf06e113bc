package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsAddition;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads a partition range by range: to Flink's reader each is a split of its own, which it seeks
 * and stops at; to the rest of Flink they are the one that was assigned.
 */
@SuppressWarnings("try") // Flink's close() may be interrupted.
final class SeekingSplitReader extends KafkaPartitionSplitReader {

  private final TopicOffsets topic;
  private final TopicSelection selection;
  private final Map<String, Deque<KafkaPartitionSplit>> ahead = new HashMap<>();

  /**
   * @param selection with no gaps but those to seek over
   */
  SeekingSplitReader(
      Properties properties,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics,
      TopicSelection selection) {
    super(properties, context, metrics);
    this.topic = new TopicOffsets(properties);
    this.selection = selection;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> change) {
    List<KafkaPartitionSplit> first = new ArrayList<>();
    for (KafkaPartitionSplit split : change.splits()) {
      Deque<KafkaPartitionSplit> ranges = ranges(split);
      first.add(ranges.removeFirst());
      ahead.put(split.splitId(), ranges);
    }
    super.handleSplitsChanges(new SplitsAddition<>(first));
  }

  @Override
  public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() throws IOException {
    RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> records = super.fetch();
    List<KafkaPartitionSplit> next = new ArrayList<>();
    Set<String> finished = new HashSet<>();
    for (String split : records.finishedSplits()) {
      Deque<KafkaPartitionSplit> ranges = ahead.get(split);
      if (ranges.isEmpty()) {
        ahead.remove(split);
        finished.add(split);
      } else {
        next.add(ranges.removeFirst());
      }
    }
    if (next.isEmpty()) {
      return records;
    }
    super.handleSplitsChanges(new SplitsAddition<>(next));
    return new UnfinishedRecords(records, finished);
  }

  private Deque<KafkaPartitionSplit> ranges(KafkaPartitionSplit split) {
    long start = start(split);
    long stop = split.getStoppingOffset().orElse(OffsetRanges.Range.UNBOUNDED);
    OffsetRanges selected = selection.of(split.getPartition()).offsets();
    Deque<KafkaPartitionSplit> ranges = new ArrayDeque<>();
    for (OffsetRanges.Range range : selected.and(OffsetRanges.of(start, stop)).ranges()) {
      // Before all that is selected it is the topic's end, or the name of its beginning.
      boolean isWhereToWait = ranges.isEmpty() && start < selected.hull().from();
      ranges.add(
          new KafkaPartitionSplit(
              split.getTopicPartition(),
              isWhereToWait ? start : range.from(),
              range.isBounded() ? range.to() : KafkaPartitionSplit.NO_STOPPING_OFFSET));
    }
    if (ranges.isEmpty()) {
      ranges.add(new KafkaPartitionSplit(split.getTopicPartition(), 0, 0));
    }
    return ranges;
  }

  /** Of several ranges those that have expired are left out, so the beginning has to be known. */
  private long start(KafkaPartitionSplit split) {
    boolean isOneRange = selection.of(split.getPartition()).offsets().ranges().size() <= 1;
    TopicPartition partition = split.getTopicPartition();
    return isOneRange || split.getStartingOffset() != KafkaPartitionSplit.EARLIEST_OFFSET
        ? split.getStartingOffset()
        : topic.list(Set.of(partition), OffsetSpec.earliest()).get(partition);
  }

  /** Records of splits that go on, although Flink's reader takes them for finished. */
  private record UnfinishedRecords(
      RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> records, Set<String> finishedSplits)
      implements RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> {

    @Override
    public String nextSplit() {
      return records.nextSplit();
    }

    @Override
    public ConsumerRecord<byte[], byte[]> nextRecordFromSplit() {
      return records.nextRecordFromSplit();
    }

    @Override
    public void recycle() {
      records.recycle();
    }
  }
}

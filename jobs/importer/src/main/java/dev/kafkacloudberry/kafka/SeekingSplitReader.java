package dev.kafkacloudberry.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads of each partition the offsets that are selected, from where its split begins to where it
 * stops. It seeks over what lies between as far as the topic goes, and hands on the consumer's
 * position with the messages, so that a checkpoint knows where exactly to go on.
 */
final class SeekingSplitReader
    implements SplitReader<ConsumerRecord<byte[], byte[]>, KafkaPartitionSplit> {

  /**
   * Whoever wants something else of this thread wakes it up. But what it knows of the ends of the
   * partitions is told only behind a poll.
   */
  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

  /** The same, before any end is known. */
  private static final Duration FIRST_POLLS = Duration.ofMillis(50);

  /** So long without a message, a topic is looked for. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final StartingPosition starts;
  private final TopicSelection selection;
  private final KafkaSourceReaderMetrics metrics;
  private final ReadingProgress progress;

  private final Map<TopicPartition, OffsetRanges> toRead = new HashMap<>();
  private final Map<TopicPartition, Uuid> topicIds = new HashMap<>();
  private boolean isBounded;
  private boolean areEndsKnown;
  private long heardAt = System.nanoTime();
  private FetchedRecords fetched = new FetchedRecords();

  /**
   * @param consumer closed with this
   * @param selection with no gaps but those to seek over
   */
  SeekingSplitReader(
      KafkaConsumer<byte[], byte[]> consumer,
      StartingPosition starts,
      TopicSelection selection,
      KafkaSourceReaderMetrics metrics,
      ReadingProgress progress) {
    this.consumer = consumer;
    this.starts = starts;
    this.selection = selection;
    this.metrics = metrics;
    this.progress = progress;
  }

  @Override
  public void handleSplitsChanges(SplitsChange<KafkaPartitionSplit> added) {
    for (KafkaPartitionSplit split : added.splits()) {
      metrics.registerTopicPartition(split.getTopicPartition());
      Position start = awake(() -> starts.of(split));
      long stop = awake(() -> starts.stop(split));
      OffsetRanges selected =
          selection.of(split.getPartition()).offsets().and(OffsetRanges.of(start.offset(), stop));
      isBounded |= split.getStoppingOffset().isPresent();
      fetched.add(List.of(), start);
      if (selected.isEmpty()) {
        progress.ends(split.getTopicPartition(), OptionalLong.of(start.offset()));
        fetched.finish(split.splitId());
      } else {
        assign(split.getTopicPartition(), start, selected);
      }
    }
  }

  private void assign(TopicPartition partition, Position start, OffsetRanges selected) {
    toRead.put(partition, selected);
    topicIds.put(partition, start.topicId());
    areEndsKnown = false;
    consumer.assign(toRead.keySet());
    consumer.seek(partition, start.offset());
  }

  @Override
  public RecordsWithSplitIds<ConsumerRecord<byte[], byte[]>> fetch() {
    if (!toRead.isEmpty()) {
      ConsumerRecords<byte[], byte[]> polled = poll();
      if (isBounded) {
        requireTopicsIfQuiet(polled);
      }
      areEndsKnown = true;
      for (TopicPartition partition : List.copyOf(toRead.keySet())) {
        advance(partition, polled.records(partition));
      }
      metrics.updateNumBytesInCounter();
    }
    FetchedRecords complete = fetched;
    fetched = new FetchedRecords();
    return complete;
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(areEndsKnown ? LONGEST_POLL : FIRST_POLLS);
    } catch (WakeupException e) {
      return ConsumerRecords.empty();
    } catch (OffsetOutOfRangeException e) {
      awake(() -> starts.afterGap(e)).forEach(consumer::seek);
      return ConsumerRecords.empty();
    }
  }

  /** The consumer waits for ever for a topic that is deleted, and nothing else looks for it. */
  private void requireTopicsIfQuiet(ConsumerRecords<byte[], byte[]> polled) {
    if (!polled.isEmpty()) {
      heardAt = System.nanoTime();
    } else if (System.nanoTime() - heardAt > QUIET.toNanos()) {
      starts.requireTopics();
      heardAt = System.nanoTime();
    }
  }

  private void advance(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> messages) {
    OffsetRanges selected = toRead.get(partition);
    long position = awake(() -> consumer.position(partition));
    OptionalLong next = selected.firstFrom(position);
    if (next.isPresent()) {
      position = sought(partition, position, next.getAsLong());
    }
    if (!messages.isEmpty()) {
      starts.wasRead(partition);
      metrics.maybeAddRecordsLagMetric(consumer, partition);
      metrics.recordCurrentOffset(partition, messages.get(messages.size() - 1).offset());
    }
    fetched.add(
        before(selected.hull().to(), messages),
        new Position(partition, topicIds.get(partition), position));
    OptionalLong end = next.isEmpty() ? OptionalLong.of(position) : end(partition);
    progress.ends(partition, end);
    areEndsKnown &= end.isPresent();
    if (next.isEmpty()) {
      finish(partition);
    }
  }

  /** Without asking a broker: each fetch has told. */
  private OptionalLong end(TopicPartition partition) {
    OptionalLong lag = consumer.currentLag(partition);
    return lag.isPresent()
        ? OptionalLong.of(awake(() -> consumer.position(partition)) + lag.getAsLong())
        : lag;
  }

  /** Nearer to the next offset that is selected: there, or where the topic ends before it. */
  private long sought(TopicPartition partition, long position, long next) {
    // Without a fetch it is not known where the topic ends. Then one is read before the seek.
    long end = position + (next > position ? consumer.currentLag(partition).orElse(0) : 0);
    long target = Math.min(next, end);
    if (target > position) {
      consumer.seek(partition, target);
      return target;
    }
    return position;
  }

  private static List<ConsumerRecord<byte[], byte[]>> before(
      long stop, List<ConsumerRecord<byte[], byte[]>> messages) {
    int count = messages.size();
    while (count > 0 && messages.get(count - 1).offset() >= stop) {
      count--;
    }
    return messages.subList(0, count);
  }

  private void finish(TopicPartition partition) {
    fetched.finish(KafkaPartitionSplit.toSplitId(partition));
    metrics.removeRecordsLagMetric(partition);
    toRead.remove(partition);
    topicIds.remove(partition);
    consumer.assign(toRead.keySet());
  }

  /** A wake-up means the poll. Where it comes late it hits the consumer's next call instead. */
  private static <T> T awake(Supplier<T> call) {
    try {
      return call.get();
    } catch (WakeupException e) {
      return call.get();
    }
  }

  @Override
  public void pauseOrResumeSplits(
      Collection<KafkaPartitionSplit> pause, Collection<KafkaPartitionSplit> resume) {
    consumer.resume(stillRead(resume));
    consumer.pause(stillRead(pause));
  }

  private Set<TopicPartition> stillRead(Collection<KafkaPartitionSplit> splits) {
    Set<TopicPartition> partitions = new HashSet<>(toRead.keySet());
    partitions.retainAll(splits.stream().map(KafkaPartitionSplit::getTopicPartition).toList());
    return partitions;
  }

  /** For those who watch the consumer group. Where a job goes on is in its checkpoint. */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    consumer.commitAsync(offsets, callback);
  }

  @Override
  public void wakeUp() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}

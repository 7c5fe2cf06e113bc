package dev.kafkacloudberry.kafka;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcher;
import org.apache.flink.connector.base.source.reader.fetcher.SplitFetcherTask;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;

/**
 * Flink's fetcher, which commits the offsets of its consumer group with the consumer that reads.
 */
final class SeekingFetcherManager extends KafkaSourceFetcherManager {

  SeekingFetcherManager(
      Supplier<SplitReader<ConsumerRecord<byte[], byte[]>, KafkaPartitionSplit>> splitReaders) {
    super(new FutureCompletingBlockingQueue<>(), splitReaders, finished -> {});
  }

  @Override
  public void commitOffsets(
      Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
    if (offsets.isEmpty()) {
      return;
    }
    SplitFetcher<ConsumerRecord<byte[], byte[]>, KafkaPartitionSplit> running = fetchers.get(0);
    SplitFetcher<ConsumerRecord<byte[], byte[]>, KafkaPartitionSplit> fetcher =
        running == null ? createSplitFetcher() : running;
    SeekingSplitReader reader = (SeekingSplitReader) fetcher.getSplitReader();
    fetcher.enqueueTask(
        new SplitFetcherTask() {
          @Override
          public boolean run() {
            reader.commit(offsets, callback);
            return true;
          }

          @Override
          public void wakeUp() {}
        });
    if (running == null) {
      startFetcher(fetcher);
    }
  }
}

package dev.kafkacloudberry.kafka;

import java.util.Optional;
import java.util.Properties;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitState;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/** Flink's Kafka reader, which ends at a LIMIT and explains why it cannot read. */
@SuppressWarnings("try") // Flink's close() may be interrupted.
final class SeekingSourceReader extends KafkaSourceReader<RowData> {

  private final RowDeserializationSchema schema;
  private final long limit;
  private final String address;

  SeekingSourceReader(
      SeekingFetcherManager fetcherManager,
      RowDeserializationSchema schema,
      long limit,
      Properties properties,
      String address,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics,
      ReadingProgress progress) {
    super(
        new FutureCompletingBlockingQueue<>(),
        fetcherManager,
        emitter(schema, progress),
        configuration(properties),
        context,
        metrics);
    this.schema = schema;
    this.limit = limit;
    this.address = address;
  }

  private static RecordEmitter<ConsumerRecord<byte[], byte[]>, RowData, KafkaPartitionSplitState>
      emitter(RowDeserializationSchema schema, ReadingProgress progress) {
    KafkaRecordEmitter<RowData> messages = new KafkaRecordEmitter<>(schema);
    return (record, output, split) -> {
      if (record instanceof Position position) {
        ((IdentifiedSplit.State) split).moveTo(position);
        progress.wasHandedOn(split.getTopicPartition(), position.offset());
      } else {
        messages.emitRecord(record, output, split);
      }
    };
  }

  @Override
  public InputStatus pollNext(ReaderOutput<RowData> output) throws Exception {
    if (schema.rows() >= limit) {
      return InputStatus.END_OF_INPUT;
    }
    try {
      return super.pollNext(output);
    } catch (RuntimeException e) {
      throw explained(e);
    }
  }

  private RuntimeException explained(RuntimeException failure) {
    Optional<KafkaReadException> explained =
        ExceptionUtils.findThrowable(failure, KafkaReadException.class);
    if (explained.isPresent()) {
      // No restart brings back what is missing.
      return new SuppressRestartsException(explained.get());
    }
    return ExceptionUtils.findThrowable(failure, KafkaException.class).isPresent()
        ? KafkaReadException.of("Cannot read " + address, failure)
        : failure;
  }

  @Override
  protected KafkaPartitionSplitState initializedState(KafkaPartitionSplit split) {
    return new IdentifiedSplit.State(split);
  }

  @Override
  protected KafkaPartitionSplit toSplitType(String splitId, KafkaPartitionSplitState state) {
    return ((IdentifiedSplit.State) state).split();
  }

  private static Configuration configuration(Properties properties) {
    Configuration configuration = new Configuration();
    properties
        .stringPropertyNames()
        .forEach(key -> configuration.setString(key, properties.getProperty(key)));
    return configuration;
  }
}

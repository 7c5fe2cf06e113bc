package dev.kafkacloudberry.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.source.reader.synchronization.FutureCompletingBlockingQueue;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.reader.KafkaRecordEmitter;
import org.apache.flink.connector.kafka.source.reader.KafkaSourceReader;
import org.apache.flink.connector.kafka.source.reader.fetcher.KafkaSourceFetcherManager;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Flink's Kafka reader, which ends at a LIMIT and explains why it cannot read. */
@SuppressWarnings("try") // Flink's close() may be interrupted.
final class SeekingSourceReader extends KafkaSourceReader<RowData> {

  private final RowDeserializationSchema schema;
  private final long limit;
  private final Properties properties;
  private final String address;

  SeekingSourceReader(
      KafkaSourceFetcherManager fetcherManager,
      RowDeserializationSchema schema,
      long limit,
      Properties properties,
      String address,
      SourceReaderContext context,
      KafkaSourceReaderMetrics metrics) {
    super(
        new FutureCompletingBlockingQueue<>(),
        fetcherManager,
        new KafkaRecordEmitter<>(schema),
        configuration(properties),
        context,
        metrics);
    this.schema = schema;
    this.limit = limit;
    this.properties = properties;
    this.address = address;
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
    return ExceptionUtils.findThrowable(failure, OffsetOutOfRangeException.class)
        .map(missing -> missingOffsets(missing, failure))
        .or(
            () ->
                ExceptionUtils.findThrowable(failure, KafkaException.class)
                    .map(cause -> KafkaReadException.of("Cannot read " + address, failure)))
        .map(RuntimeException.class::cast)
        .orElse(failure);
  }

  private KafkaReadException missingOffsets(
      OffsetOutOfRangeException missing, RuntimeException failure) {
    Map<TopicPartition, Long> wanted = missing.offsetOutOfRangePartitions();
    TopicOffsets offsets = new TopicOffsets(properties);
    Map<TopicPartition, Long> first = offsets.list(wanted.keySet(), OffsetSpec.earliest());
    Map<TopicPartition, Long> next = offsets.list(wanted.keySet(), OffsetSpec.latest());
    String gaps =
        wanted.entrySet().stream()
            .map(
                entry ->
                    "Offset %d of partition %d of topic '%s' is not there, only those from %d to %d."
                        .formatted(
                            entry.getValue(),
                            entry.getKey().partition(),
                            entry.getKey().topic(),
                            first.get(entry.getKey()),
                            next.get(entry.getKey()) - 1))
            .collect(Collectors.joining(" "));
    return new KafkaReadException(
        "%s To go on with the first that is there, set '%s' = '%s' in the table's options."
            .formatted(gaps, KafkaPartitionedOptions.MISSING_OFFSETS.key(), MissingOffsets.SKIP),
        failure);
  }

  private static Configuration configuration(Properties properties) {
    Configuration configuration = new Configuration();
    properties
        .stringPropertyNames()
        .forEach(key -> configuration.setString(key, properties.getProperty(key)));
    return configuration;
  }
}

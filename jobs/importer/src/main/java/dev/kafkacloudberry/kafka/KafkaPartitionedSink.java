package dev.kafkacloudberry.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSink;
import org.apache.flink.streaming.connectors.kafka.table.SinkBufferFlushMode;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Flink's Kafka sink, whose {@code partition} can be written, and that fails rather than lose rows
 * or try for ever, see {@link StrictKafkaSink}.
 */
final class KafkaPartitionedSink extends KafkaDynamicSink {

  private static final String PARTITION = "partition";

  /** What a broker's {@code transaction.max.timeout.ms} is unless it is changed. */
  private static final Duration BROKERS_TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

  private final DeliveryGuarantee deliveryGuarantee;
  private final String transactionalIdPrefix;
  private final TransactionNamingStrategy transactionNamingStrategy;

  /** As Flink's own; what a table does not say is null. */
  KafkaPartitionedSink(
      DataType physicalDataType,
      EncodingFormat<SerializationSchema<RowData>> keyEncodingFormat,
      EncodingFormat<SerializationSchema<RowData>> valueEncodingFormat,
      int[] keyProjection,
      int[] valueProjection,
      String keyPrefix,
      List<String> topics,
      Pattern topicPattern,
      Properties properties,
      KafkaPartitioner<RowData> partitioner,
      DeliveryGuarantee deliveryGuarantee,
      Integer parallelism,
      String transactionalIdPrefix,
      TransactionNamingStrategy transactionNamingStrategy) {
    super(
        physicalDataType,
        physicalDataType,
        keyEncodingFormat,
        valueEncodingFormat,
        keyProjection,
        valueProjection,
        keyPrefix,
        topics,
        topicPattern,
        properties,
        partitioner,
        deliveryGuarantee,
        false,
        SinkBufferFlushMode.DISABLED,
        parallelism,
        transactionalIdPrefix,
        transactionNamingStrategy);
    this.deliveryGuarantee = deliveryGuarantee;
    this.transactionalIdPrefix = transactionalIdPrefix;
    this.transactionNamingStrategy = transactionNamingStrategy;
  }

  @Override
  public Map<String, DataType> listWritableMetadata() {
    Map<String, DataType> metadata = super.listWritableMetadata();
    // BIGINT, as Flink casts the column to it: a number beyond INT must not become another one.
    metadata.put(PARTITION, DataTypes.BIGINT());
    return metadata;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    Properties settings = producerSettings();
    ProducerTopics named = new ProducerTopics(topics == null ? List.of() : topics, settings);
    SinkV2Provider provider =
        (SinkV2Provider) with(settings, partitioner(named)).flinksProvider(context);
    return SinkV2Provider.of(
        new StrictKafkaSink((KafkaSink<RowData>) provider.createSink(), named), parallelism);
  }

  private SinkRuntimeProvider flinksProvider(Context context) {
    return super.getSinkRuntimeProvider(context);
  }

  private Properties producerSettings() {
    Properties settings = KafkaChoosesPartition.addTo(properties);
    if (deliveryGuarantee == DeliveryGuarantee.EXACTLY_ONCE) {
      // Flink's own default is longer than brokers allow unless they are told otherwise.
      settings.putIfAbsent(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          String.valueOf(BROKERS_TRANSACTION_TIMEOUT.toMillis()));
    }
    return settings;
  }

  private KafkaPartitioner<RowData> partitioner(ProducerTopics named) {
    int metadataColumn = metadataKeys.indexOf(PARTITION);
    return metadataColumn < 0
        ? partitioner
        : new PartitionColumn(
            // Metadata columns come after the physical ones.
            DataType.getFieldCount(physicalDataType) + metadataColumn,
            Optional.ofNullable(partitioner),
            named);
  }

  @Override
  public KafkaPartitionedSink copy() {
    return with(properties, partitioner);
  }

  private KafkaPartitionedSink with(
      Properties otherProperties, KafkaPartitioner<RowData> otherPartitioner) {
    KafkaPartitionedSink copy =
        new KafkaPartitionedSink(
            physicalDataType,
            keyEncodingFormat,
            valueEncodingFormat,
            keyProjection,
            valueProjection,
            keyPrefix,
            topics,
            topicPattern,
            otherProperties,
            otherPartitioner,
            deliveryGuarantee,
            parallelism,
            transactionalIdPrefix,
            transactionNamingStrategy);
    copy.applyWritableMetadata(metadataKeys, consumedDataType);
    return copy;
  }
}

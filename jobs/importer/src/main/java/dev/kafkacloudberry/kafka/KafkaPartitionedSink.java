package dev.kafkacloudberry.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSink;
import org.apache.flink.streaming.connectors.kafka.table.SinkBufferFlushMode;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** Flink's Kafka sink, whose {@code partition} can be written. */
final class KafkaPartitionedSink extends KafkaDynamicSink {

  static final String PARTITION = "partition";

  private final DeliveryGuarantee deliveryGuarantee;
  private final String transactionalIdPrefix;
  private final TransactionNamingStrategy transactionNamingStrategy;

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
    int metadataColumn = metadataKeys.indexOf(PARTITION);
    if (metadataColumn < 0) {
      return super.getSinkRuntimeProvider(context);
    }
    int position = DataType.getFieldCount(physicalDataType) + metadataColumn;
    return with(
            KafkaChoosesPartition.addTo(properties),
            new PartitionColumn(
                position, Optional.ofNullable(partitioner), new ProducerTopics(properties)))
        .unaddressedProvider(context);
  }

  private SinkRuntimeProvider unaddressedProvider(Context context) {
    return super.getSinkRuntimeProvider(context);
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

package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.BATCH_SIZE;
import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.BUFFER_DELAY;
import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.MISSING_OFFSETS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.PROPS_BOOTSTRAP_SERVERS;

import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.connectors.kafka.config.BoundedMode;
import org.apache.flink.streaming.connectors.kafka.config.StartupMode;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSink;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.kafka.common.TopicPartition;

/**
 * The table {@code 'connector' = 'kafka-partitioned'}: Flink's Kafka table, which accepts every
 * option of it, with the defaults that {@link KafkaTableDefaults} describes, and those of {@link
 * KafkaPartitionedOptions}.
 */
public final class KafkaPartitionedTableFactory extends KafkaDynamicTableFactory {

  static final String IDENTIFIER = "kafka-partitioned";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new HashSet<>(super.optionalOptions());
    options.add(PROPS_BOOTSTRAP_SERVERS);
    options.add(BATCH_SIZE);
    options.add(BUFFER_DELAY);
    options.add(MISSING_OFFSETS);
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    Context source = KafkaTableDefaults.applyToSource(context);
    return ((KafkaPartitionedSource) super.createDynamicTableSource(source))
        .with(
            context.getCatalogTable().getResolvedSchema(),
            Configuration.fromMap(context.getCatalogTable().getOptions()).get(MISSING_OFFSETS),
            zone(context.getConfiguration()));
  }

  private static ZoneId zone(ReadableConfig session) {
    String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
    return zone.equals(TableConfigOptions.LOCAL_TIME_ZONE.defaultValue())
        ? ZoneId.systemDefault()
        : ZoneId.of(zone);
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return super.createDynamicTableSink(KafkaTableDefaults.applyToSink(context));
  }

  @Override
  protected KafkaDynamicSource createKafkaTableSource(
      DataType physicalDataType,
      DecodingFormat<DeserializationSchema<RowData>> keyDecodingFormat,
      DecodingFormat<DeserializationSchema<RowData>> valueDecodingFormat,
      int[] keyProjection,
      int[] valueProjection,
      String keyPrefix,
      List<String> topics,
      Pattern topicPattern,
      Properties properties,
      StartupMode startupMode,
      Map<TopicPartition, Long> specificStartupOffsets,
      long startupTimestampMillis,
      BoundedMode boundedMode,
      Map<TopicPartition, Long> specificEndOffsets,
      long endTimestampMillis,
      String tableIdentifier,
      Integer parallelism) {
    return new KafkaPartitionedSource(
        physicalDataType,
        keyDecodingFormat,
        valueDecodingFormat,
        keyProjection,
        valueProjection,
        keyPrefix,
        topics,
        topicPattern,
        properties,
        startupMode,
        specificStartupOffsets,
        startupTimestampMillis,
        boundedMode,
        specificEndOffsets,
        endTimestampMillis,
        tableIdentifier,
        parallelism);
  }

  @Override
  protected KafkaDynamicSink createKafkaTableSink(
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
    return new KafkaPartitionedSink(
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
        parallelism,
        transactionalIdPrefix,
        transactionNamingStrategy);
  }
}

package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceOptions;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.metrics.KafkaSourceReaderMetrics;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.flink.streaming.api.lineage.SourceLineageVertex;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Flink's Kafka source with readers that seek, and that stop at a LIMIT. */
final class SeekingSource
    implements Source<RowData, KafkaPartitionSplit, KafkaSourceEnumState>,
        ResultTypeQueryable<RowData>,
        LineageVertexProvider {

  private final KafkaSource<RowData> kafka;
  private final MatchingPartitions partitions;
  private final RowDeserializationSchema schema;
  private final Properties properties;
  private final TopicSelection selection;
  private final MissingOffsets missingOffsets;
  private final long limit;
  private final String address;

  /**
   * Another one for each job that is planned, which its readers and its enumerator have in common:
   * a job may come after one of the same id, of which readers are still there.
   */
  private final String plan = UUID.randomUUID().toString();

  /**
   * @param kafka finds the partitions and the offsets to begin and to end with
   * @param partitions what it finds the partitions with
   * @param properties the consumers'
   * @param selection with no gaps but those to seek over
   * @param limit how many rows are enough
   * @param address names the topics and the brokers, for errors
   */
  SeekingSource(
      KafkaSource<RowData> kafka,
      MatchingPartitions partitions,
      RowDeserializationSchema schema,
      Properties properties,
      TopicSelection selection,
      MissingOffsets missingOffsets,
      OptionalLong limit,
      String address) {
    this.kafka = kafka;
    this.partitions = partitions;
    this.schema = schema;
    this.properties = properties;
    this.selection = selection;
    this.missingOffsets = missingOffsets;
    this.limit = limit.orElse(Long.MAX_VALUE);
    this.address = address;
  }

  @Override
  public SourceReader<RowData, KafkaPartitionSplit> createReader(SourceReaderContext context)
      throws Exception {
    schema.open(initialization(context));
    KafkaSourceReaderMetrics metrics = new KafkaSourceReaderMetrics(context.metricGroup());
    ReadingProgress progress = new ReadingProgress(plan, context.metricGroup());
    return new SeekingSourceReader(
        new SeekingFetcherManager(
            () -> splitReader(context.getIndexOfSubtask(), metrics, progress)),
        schema,
        limit,
        properties,
        address,
        context,
        metrics,
        progress);
  }

  private SeekingSplitReader splitReader(
      int subtask, KafkaSourceReaderMetrics metrics, ReadingProgress progress) {
    Properties settings = new Properties();
    settings.putAll(properties);
    settings.setProperty(
        ConsumerConfig.CLIENT_ID_CONFIG,
        properties.getProperty(KafkaSourceOptions.CLIENT_ID_PREFIX.key()) + "-" + subtask);
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings);
    if (KafkaSourceOptions.getOption(
        settings, KafkaSourceOptions.REGISTER_KAFKA_CONSUMER_METRICS, Boolean::parseBoolean)) {
      metrics.registerKafkaConsumerMetrics(consumer);
    }
    metrics.registerNumBytesIn(consumer);
    return new SeekingSplitReader(
        consumer,
        new StartingPosition(consumer, new Topics(properties), missingOffsets),
        selection,
        metrics,
        progress);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context) {
    partitions.check(properties);
    partitions.report(plan, context.metricGroup());
    return kafka.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
      SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState state)
      throws IOException {
    partitions.wereFoundBefore();
    partitions.report(plan, context.metricGroup());
    return kafka.restoreEnumerator(context, state);
  }

  @Override
  public Boundedness getBoundedness() {
    return kafka.getBoundedness();
  }

  @Override
  public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
    return new IdentifiedSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
    return kafka.getEnumeratorCheckpointSerializer();
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return kafka.getProducedType();
  }

  @Override
  public SourceLineageVertex getLineageVertex() {
    return kafka.getLineageVertex();
  }

  private static DeserializationSchema.InitializationContext initialization(
      SourceReaderContext context) {
    return new DeserializationSchema.InitializationContext() {
      @Override
      public MetricGroup getMetricGroup() {
        return context.metricGroup().addGroup("deserializer");
      }

      @Override
      public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
      }
    };
  }
}

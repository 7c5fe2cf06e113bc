package dev.kafkacloudberry.kafka;

import dev.kafkacloudberry.plan.OperatorUids;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kafka.config.BoundedMode;
import org.apache.flink.streaming.connectors.kafka.config.StartupMode;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.streaming.connectors.kafka.table.TableDataTypeUtils;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.Column.MetadataColumn;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;

/**
 * Flink's Kafka source, which fetches only the offsets that a query can match, decodes only the
 * columns that it uses and stops at its LIMIT.
 */
final class KafkaPartitionedSource extends KafkaDynamicSource
    implements SupportsFilterPushDown, SupportsProjectionPushDown, SupportsLimitPushDown {

  private static final int LONGEST_NAME = 200;

  private Map<String, MessagePosition> positionColumns = Map.of();
  private Set<String> nullableMetadata = Set.of();
  private boolean keepsJunk;
  private MissingOffsets missingOffsets = MissingOffsets.FAIL;
  private Clock clock = Clock.systemDefaultZone();
  private TopicSelection selection = TopicSelection.ALL;
  private int[] projection;
  private OptionalLong limit = OptionalLong.empty();

  KafkaPartitionedSource(
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
      Map<TopicPartition, Long> specificBoundedOffsets,
      long boundedTimestampMillis,
      String tableIdentifier,
      Integer parallelism) {
    super(
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
        specificBoundedOffsets,
        boundedTimestampMillis,
        false,
        tableIdentifier,
        parallelism);
    projection = Projection.all(physicalDataType).toTopLevelIndexes();
  }

  /**
   * What Flink's Kafka table does not know.
   *
   * @throws ValidationException if a row of junk could not be a row of the table
   */
  KafkaPartitionedSource with(
      ResolvedSchema schema, MissingOffsets onMissingOffsets, ZoneId zoneOfSession) {
    Map<String, MessagePosition> columns = new HashMap<>();
    Set<String> nullable = new HashSet<>();
    Set<String> notNull = new HashSet<>();
    for (Column column : schema.getColumns()) {
      if (column instanceof MetadataColumn metadata) {
        String key = metadata.getMetadataKey().orElse(column.getName());
        MessagePosition.of(metadata).ifPresent(position -> columns.put(column.getName(), position));
        keepsJunk |= isJunk(key);
        (metadata.getDataType().getLogicalType().isNullable() ? nullable : notNull).add(key);
      }
    }
    if (keepsJunk) {
      requireNullable(schema);
    }
    nullable.removeAll(notNull);
    positionColumns = columns;
    nullableMetadata = nullable;
    missingOffsets = onMissingOffsets;
    clock = Clock.system(zoneOfSession);
    return this;
  }

  private static void requireNullable(ResolvedSchema schema) {
    List<String> required =
        schema.getColumns().stream()
            .filter(Column::isPhysical)
            .filter(column -> !column.getDataType().getLogicalType().isNullable())
            .map(Column::getName)
            .toList();
    if (!required.isEmpty()) {
      throw new ValidationException(
          "The table keeps messages that cannot be decoded, by 'junk' or 'junk-error'; the columns of their rows are NULL, but %s are NOT NULL. Declare them without NOT NULL, or the table without those two"
              .formatted(required));
    }
  }

  private static boolean isJunk(String metadataKey) {
    return metadataKey.equals(Junk.MESSAGE) || metadataKey.equals(Junk.ERROR);
  }

  /**
   * What a table declares to be nullable is so here, though it never is null: otherwise the planner
   * would copy each row only to change its type.
   */
  @Override
  public Map<String, DataType> listReadableMetadata() {
    Map<String, DataType> metadata = super.listReadableMetadata();
    metadata.put(Junk.MESSAGE, Junk.MESSAGE_TYPE);
    metadata.put(Junk.ERROR, Junk.ERROR_TYPE);
    metadata.replaceAll((key, type) -> nullableMetadata.contains(key) ? type.nullable() : type);
    return metadata;
  }

  @Override
  public Result applyFilters(List<ResolvedExpression> filters) {
    if (!isInsertOnly()) {
      // A row's latest change may lie outside of the offsets, and an earlier one within.
      return Result.of(List.of(), filters);
    }
    PredicateAnalysis analysis = new PredicateAnalysis(positionColumns, clock);
    TopicSelection matching = TopicSelection.ALL;
    List<ResolvedExpression> remaining = new ArrayList<>();
    for (ResolvedExpression filter : filters) {
      Match match = analysis.analyze(filter);
      matching = matching.and(match.selection());
      if (!match.isExact()) {
        remaining.add(filter);
      }
    }
    selection = selection.and(matching);
    List<ResolvedExpression> accepted =
        matching.equals(TopicSelection.ALL) ? List.of() : List.of(SelectionExpression.of(matching));
    return Result.of(accepted, remaining);
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  @Override
  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    this.projection = Projection.of(projectedFields).toTopLevelIndexes();
    this.producedDataType = producedDataType;
  }

  @Override
  public void applyLimit(long limit) {
    if (isInsertOnly()) {
      this.limit = OptionalLong.of(limit);
    }
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    SeekingSource source = source(context);
    return new DataStreamScanProvider() {
      @Override
      public DataStream<RowData> produceDataStream(
          ProviderContext providerContext, StreamExecutionEnvironment environment) {
        DataStreamSource<RowData> stream =
            environment.fromSource(
                source,
                Optional.ofNullable(watermarkStrategy).orElseGet(WatermarkStrategy::noWatermarks),
                name());
        OperatorUids.of(providerContext, environment, "kafka " + tableIdentifier)
            .ifPresent(stream::uid);
        return stream;
      }

      @Override
      public boolean isBounded() {
        return source.getBoundedness() == Boundedness.BOUNDED;
      }

      @Override
      public Optional<Integer> getParallelism() {
        return Optional.ofNullable(parallelism);
      }
    };
  }

  @Override
  public DynamicTableSource copy() {
    KafkaPartitionedSource copy =
        new KafkaPartitionedSource(
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
            specificBoundedOffsets,
            boundedTimestampMillis,
            tableIdentifier,
            parallelism);
    copy.producedDataType = producedDataType;
    copy.metadataKeys = metadataKeys;
    copy.watermarkStrategy = watermarkStrategy;
    copy.positionColumns = positionColumns;
    copy.nullableMetadata = nullableMetadata;
    copy.keepsJunk = keepsJunk;
    copy.missingOffsets = missingOffsets;
    copy.clock = clock;
    copy.selection = selection;
    copy.projection = projection;
    copy.limit = limit;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "Kafka table source of " + selection;
  }

  @Override
  public boolean equals(Object other) {
    return super.equals(other)
        && other instanceof KafkaPartitionedSource that
        && positionColumns.equals(that.positionColumns)
        && nullableMetadata.equals(that.nullableMetadata)
        && keepsJunk == that.keepsJunk
        && missingOffsets == that.missingOffsets
        && selection.equals(that.selection)
        && Arrays.equals(projection, that.projection)
        && limit.equals(that.limit);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), selection, Arrays.hashCode(projection), limit);
  }

  private SeekingSource source(ScanContext context) {
    RowDeserializationSchema schema = deserializationSchema(context);
    ConsumerSettings settings = new ConsumerSettings(properties);
    // A narrower gap is read through: its messages have most likely come with those before it,
    // whereas a seek throws away what has come and waits for a fetch.
    TopicSelection ranges = selection.withGapsUpTo(settings.messagesPerPoll());
    Properties consumer = settings.of(ranges, limit);
    String address =
        "topic %s of the brokers %s"
            .formatted(
                topics == null ? topicPattern.pattern() : String.join(", ", topics),
                consumer.getProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG));
    KafkaSubscriber subscriber =
        topics == null
            ? KafkaSubscriber.getTopicPatternSubscriber(topicPattern)
            : KafkaSubscriber.getTopicListSubscriber(topics);
    // A partition may still be added, unless none could match.
    boolean endsByItself = boundedMode != BoundedMode.UNBOUNDED || selection.isEmpty();
    MatchingPartitions partitions =
        new MatchingPartitions(subscriber, selection, endsByItself, address);
    ScanOffsets configured = new ScanOffsets(properties);
    StartingOffsets start =
        new StartingOffsets(
            configured.start(startupMode, specificStartupOffsets, startupTimestampMillis),
            selection);
    StoppingOffsets stop =
        new StoppingOffsets(
            configured.stop(boundedMode, specificBoundedOffsets, boundedTimestampMillis),
            selection);
    KafkaSourceBuilder<RowData> builder =
        KafkaSource.<RowData>builder()
            .setProperties(consumer)
            .setKafkaSubscriber(partitions)
            .setStartingOffsets(start)
            .setDeserializer(schema);
    return new SeekingSource(
        (endsByItself ? builder.setBounded(stop) : builder.setUnbounded(stop)).build(),
        partitions,
        schema,
        consumer,
        ranges,
        missingOffsets,
        limit,
        address);
  }

  private RowDeserializationSchema deserializationSchema(ScanContext context) {
    // Whether a message is junk does not depend on the columns that a query uses.
    boolean decodesAll = metadataKeys.stream().anyMatch(KafkaPartitionedSource::isJunk);
    DataType keyType = Projection.of(keyProjection).project(physicalDataType);
    Optional<FieldDecoder> key =
        Optional.ofNullable(keyDecodingFormat)
            .map(
                format ->
                    FieldDecoder.of(
                        context,
                        format,
                        keyPrefix == null
                            ? keyType
                            : TableDataTypeUtils.stripRowPrefix(keyType, keyPrefix),
                        keyProjection,
                        projection,
                        decodesAll,
                        0))
            .filter(decoder -> decodesAll || !decoder.isEmpty());
    int arity = DataType.getFieldCount(producedDataType);
    FieldDecoder value =
        FieldDecoder.of(
            context,
            valueDecodingFormat,
            Projection.of(valueProjection).project(physicalDataType),
            valueProjection,
            projection,
            decodesAll,
            arity - projection.length - metadataKeys.size());
    return new RowDeserializationSchema(
        selection,
        key,
        key.isEmpty() ? value.inPlace(arity) : value,
        decodesAll || !value.isEmpty() || !isInsertOnly(),
        metadataKeys.stream().map(MessageMetadata::of).toList(),
        new Junk(keepsJunk),
        arity,
        context.createTypeInformation(producedDataType));
  }

  /** Otherwise a message may be any change of a row, which only its decoder knows. */
  private boolean isInsertOnly() {
    return getChangelogMode().containsOnly(RowKind.INSERT);
  }

  /** In the execution plan and in the web interface, the source's name tells what is fetched. */
  private String name() {
    String table = "KafkaSource-" + tableIdentifier;
    if (selection.equals(TopicSelection.ALL)) {
      return table;
    }
    String ranges = selection.toString();
    return table
        + " of "
        + (ranges.length() <= LONGEST_NAME ? ranges : ranges.substring(0, LONGEST_NAME) + "…");
  }
}

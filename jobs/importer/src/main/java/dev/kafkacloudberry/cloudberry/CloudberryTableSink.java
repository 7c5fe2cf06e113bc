package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.lineage.KafkaSources;
import dev.kafkacloudberry.sink.CloudberrySink;
import dev.kafkacloudberry.sink.MetadataPositions;
import dev.kafkacloudberry.sink.RowMetadata;
import dev.kafkacloudberry.sink.SinkSettings;
import dev.kafkacloudberry.sink.TopicIds;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.abilities.SupportsTargetColumnWriting;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.types.DataType;

/** A cloudberry table that rows are inserted into. */
final class CloudberryTableSink
    implements DynamicTableSink, SupportsTargetColumnWriting, SupportsWritingMetadata {

  private final CloudberryConfiguration configuration;
  private final DeclaredColumns declared;
  private final String name;

  /** What the INSERT names of the declared columns; the database fills the others. */
  private Set<Integer> named;

  /** The metadata that the rows have behind their physical columns, in this order. */
  private List<String> metadataKeys = List.of();

  /**
   * @param name what plans and the web interface call the table
   */
  CloudberryTableSink(
      CloudberryConfiguration configuration, DeclaredColumns declared, String name) {
    this.configuration = configuration;
    this.declared = declared;
    this.name = name;
    this.named = declared.all();
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return ChangelogMode.insertOnly();
  }

  @Override
  public boolean applyTargetColumns(int[][] targetColumns) {
    named = Arrays.stream(targetColumns).map(path -> path[0]).collect(Collectors.toSet());
    return true;
  }

  @Override
  public Map<String, DataType> listWritableMetadata() {
    Map<String, DataType> metadata = new LinkedHashMap<>();
    for (RowMetadata one : RowMetadata.values()) {
      metadata.put(one.key(), one.type());
    }
    return metadata;
  }

  @Override
  public void applyWritableMetadata(List<String> metadataKeys, DataType consumedDataType) {
    this.metadataKeys = metadataKeys;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    ExactlyOnce.require(configuration.flink());
    int[] columns = declared.physical(named);
    MetadataPositions metadata = metadata();
    SinkSettings settings = configuration.sink(checkedTarget(columns));
    if (metadata.havePlace()) {
      ExactlyOnce.requireAlignedBarriers(configuration.flink());
    } else if (settings.replays().repair()) {
      throw new ValidationException(
          "'sink.mode' = 'repair' finds the rejected messages by their place in Kafka. Declare the"
              + " metadata columns 'topic', 'partition' and 'offset', and name them in the INSERT");
    }
    if (configuration.isFirstStart()) {
      requireNoHistory(settings);
    }
    CloudberrySink sink =
        new CloudberrySink(
            settings, declared.rowType(), columns, metadata, CloudberryTableSink::topicIds);
    return new NamedSink(
        sink, name, "cloudberry " + settings.sinkId(), configuration.parallelism());
  }

  private void requireNoHistory(SinkSettings settings) {
    try {
      if (CloudberrySink.hasCommitted(settings)) {
        throw new ValidationException(
            "The sink '%s' has loaded rows before, which the ledger, schema '%s', knows: this is not its first start ('%s'). Start from the savepoint or the checkpoint that the last job has left"
                .formatted(
                    settings.sinkId(),
                    settings.ledgerSchema(),
                    CloudberryOptions.FIRST_START.key()));
      }
    } catch (SQLException e) {
      throw unreadable("the ledger", e);
    }
  }

  private static TopicIds topicIds(DataStream<?> rows) {
    return KafkaSources.of(rows)::topicId;
  }

  private MetadataPositions metadata() {
    try {
      return declared.metadata(named, metadataKeys);
    } catch (IllegalArgumentException e) {
      throw new ValidationException(e.getMessage(), e);
    }
  }

  /** Finds out now, and not when the job runs, whether the rows can be loaded at all. */
  private TableName checkedTarget(int[] columns) {
    try {
      return CloudberrySink.checkTarget(
          configuration.connection(),
          configuration.tableName(),
          configuration.copyFormat().formats(),
          declared.rowType(),
          columns);
    } catch (IllegalArgumentException e) {
      throw new ValidationException(e.getMessage(), e);
    } catch (SQLException e) {
      throw unreadable("table " + configuration.tableName(), e);
    }
  }

  private ValidationException unreadable(String what, SQLException cause) {
    return new ValidationException(
        "Cannot read %s in %s: %s (SQLSTATE %s)"
            .formatted(what, configuration.connection(), cause.getMessage(), cause.getSQLState()),
        cause);
  }

  @Override
  public DynamicTableSink copy() {
    CloudberryTableSink copy = new CloudberryTableSink(configuration, declared, name);
    copy.named = named;
    copy.metadataKeys = metadataKeys;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "Cloudberry table " + configuration.tableName();
  }
}

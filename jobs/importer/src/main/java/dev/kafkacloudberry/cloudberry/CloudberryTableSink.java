package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.sink.CloudberrySink;
import dev.kafkacloudberry.sink.SinkSettings;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsTargetColumnWriting;
import org.apache.flink.table.types.logical.RowType;

/** A cloudberry table that rows are inserted into. */
final class CloudberryTableSink implements DynamicTableSink, SupportsTargetColumnWriting {

  private final CloudberryConfiguration configuration;
  private final RowType rowType;

  /** The positions of the columns that the INSERT names; the database fills the others. */
  private int[] columns;

  CloudberryTableSink(CloudberryConfiguration configuration, RowType rowType) {
    this.configuration = configuration;
    this.rowType = rowType;
    this.columns = IntStream.range(0, rowType.getFieldCount()).toArray();
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    return ChangelogMode.insertOnly();
  }

  @Override
  public boolean applyTargetColumns(int[][] targetColumns) {
    columns = Arrays.stream(targetColumns).mapToInt(path -> path[0]).toArray();
    return true;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    ExactlyOnce.require(configuration.flink());
    SinkSettings settings = configuration.sink(checkedTarget());
    CloudberrySink sink = new CloudberrySink(settings, rowType, columns);
    OptionalInt parallelism = configuration.parallelism();
    return parallelism.isPresent()
        ? SinkV2Provider.of(sink, parallelism.getAsInt())
        : SinkV2Provider.of(sink);
  }

  /** Finds out now, and not when the job runs, whether the rows can be loaded at all. */
  private TableName checkedTarget() {
    try {
      return CloudberrySink.checkTarget(
          configuration.connection(),
          configuration.tableName(),
          configuration.copyFormat().formats(),
          rowType,
          columns);
    } catch (IllegalArgumentException e) {
      throw new ValidationException(e.getMessage(), e);
    } catch (SQLException e) {
      throw new ValidationException(
          "Cannot read table %s in %s: %s (SQLSTATE %s)"
              .formatted(
                  configuration.tableName(),
                  configuration.connection(),
                  e.getMessage(),
                  e.getSQLState()),
          e);
    }
  }

  @Override
  public DynamicTableSink copy() {
    CloudberryTableSink copy = new CloudberryTableSink(configuration, rowType);
    copy.columns = columns.clone();
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "Cloudberry table " + configuration.tableName();
  }
}

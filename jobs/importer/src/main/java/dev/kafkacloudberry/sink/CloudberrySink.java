package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.InterruptibleDatabase;
import dev.kafkacloudberry.database.Ledger;
import dev.kafkacloudberry.database.SinkHistory;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads rows into a table, each exactly once. The package tells how. */
public final class CloudberrySink
    implements Sink<RowData>,
        SupportsCommitter<CloudberryCommittable>,
        SupportsPreWriteTopology<RowData>,
        SupportsPreCommitTopology<StagedRows, CloudberryCommittable> {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(CloudberrySink.class);

  private static final String AGGREGATOR = "Aggregator";

  private final SinkSettings settings;
  private final RowType rowType;
  private final int[] columns;
  private final MetadataPositions metadata;
  private final TopicIds.Upstream upstream;

  /** Known as soon as it is known where the rows come from. */
  private TopicIds topicIds = topic -> Optional.empty();

  private transient boolean hasUid;

  /**
   * @param rowType the rows that come, without their metadata
   * @param columns the positions of the fields that are loaded; the database fills the rest
   * @param metadata what the rows have behind their fields
   * @param upstream finds out whom to ask for the ids of the rows' topics
   */
  public CloudberrySink(
      SinkSettings settings,
      RowType rowType,
      int[] columns,
      MetadataPositions metadata,
      TopicIds.Upstream upstream) {
    this.settings = settings;
    this.rowType = rowType;
    this.columns = columns;
    this.metadata = metadata;
    this.upstream = upstream;
  }

  /**
   * Checks, without writing anything, that rows can go into a table as it is now.
   *
   * @param table the table as the user wrote it
   * @param formats the COPY formats to choose from
   * @return the table that was meant
   * @throws IllegalArgumentException when they cannot, with the reason for every column
   * @throws SQLException when the database cannot be asked
   */
  public static TableName checkTarget(
      ConnectionSettings settings,
      String table,
      Set<CopyFormat> formats,
      RowType rowType,
      int[] columns)
      throws SQLException {
    try (Connection connection = settings.open("kafka-cloudberry plan")) {
      return RowTarget.resolve(connection, table, formats, rowType, columns).staged().table();
    }
  }

  /**
   * Whether the ledger knows of a commit of the sink.
   *
   * @throws SQLException when the database cannot be asked
   */
  public static boolean hasCommitted(SinkSettings settings) throws SQLException {
    try (Connection connection = settings.connection().open("kafka-cloudberry plan")) {
      Ledger ledger = new Ledger(settings.ledgerSchema());
      return ledger.exists(connection)
          && new SinkHistory(ledger, settings.sinkId()).exists(connection);
    }
  }

  /**
   * Tells that the sink was given a uid, so that an operator of its own has one too: Flink refuses
   * the second without the first.
   */
  public void isGivenUid() {
    hasUid = true;
  }

  /** Adds nothing; it is here that a sink sees where its rows come from. */
  @Override
  public DataStream<RowData> addPreWriteTopology(DataStream<RowData> rows) {
    if (metadata.havePlace()) {
      topicIds = upstream.of(rows);
    }
    return rows;
  }

  @Override
  public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
    TaskInfo task = context.getTaskInfo();
    String attempt = UUID.randomUUID().toString().replace("-", "");
    StagingDirectory staging = settings.stagingDirectory();
    int abandoned =
        staging.removeAbandoned(
            task.getIndexOfThisSubtask(), task.getNumberOfParallelSubtasks(), attempt);
    RowTarget target = resolveTarget();
    LOG.info(
        "Staging rows for table {} in {}, as {}; removed {} files of earlier attempts",
        target.staged().table(),
        staging,
        target.staged().format(),
        abandoned);
    return new CloudberryWriter(
        target,
        metadata,
        new ReplayGuard(coverage(), topicIds),
        settings.replays().repair(),
        new WriterFiles(staging, task.getIndexOfThisSubtask(), attempt, settings.rollSize()),
        settings.onError(),
        context.metricGroup());
  }

  @Override
  public DataStream<CommittableMessage<CloudberryCommittable>> addPreCommitTopology(
      DataStream<CommittableMessage<StagedRows>> staged) {
    SingleOutputStreamOperator<CommittableMessage<CloudberryCommittable>> aggregated =
        staged
            .global()
            .transform(
                AGGREGATOR,
                CommittableMessageTypeInfo.of(CloudberryCommittableSerializer::new),
                new CommitAggregator(settings))
            .setParallelism(1)
            .setMaxParallelism(1);
    // Flink puts the sink's in front.
    return (hasUid ? aggregated.uid(AGGREGATOR) : aggregated).global();
  }

  @Override
  public Committer<CloudberryCommittable> createCommitter(CommitterInitContext context)
      throws IOException {
    CloudberryCommitter committer =
        new CloudberryCommitter(
            settings,
            settings.stagingDirectory(),
            new CommitMetrics(context.metricGroup(), context.getRestoredCheckpointId()));
    try {
      committer.createLedger();
      return committer;
    } catch (IOException e) {
      committer.close();
      throw e;
    } catch (InterruptedException e) {
      committer.close();
      throw cancelled(e);
    }
  }

  @Override
  public SimpleVersionedSerializer<CloudberryCommittable> getCommittableSerializer() {
    return new CloudberryCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<StagedRows> getWriteResultSerializer() {
    return new StagedRowsSerializer();
  }

  private RowTarget resolveTarget() throws IOException {
    return ask(
        "table " + settings.table(),
        connection ->
            RowTarget.resolve(connection, settings.table(), settings.formats(), rowType, columns));
  }

  private SinkCoverage coverage() throws IOException {
    return metadata.havePlace()
        ? ask("the ledger", this::readCoverage)
        : new SinkCoverage(settings.sinkId(), List.of(), Optional.empty(), false);
  }

  private SinkCoverage readCoverage(Connection connection) throws SQLException, IOException {
    Ledger ledger = new Ledger(settings.ledgerSchema());
    ledger.ensureExists(connection);
    SinkHistory history = new SinkHistory(ledger, settings.sinkId());
    noteLoadedBefore(history, connection);
    return new SinkCoverage(
        settings.sinkId(),
        history.covered(connection),
        settings.replays().repair()
            ? Optional.of(history.openRejects(connection))
            : Optional.empty(),
        settings.replays().acceptTopicChange());
  }

  /**
   * Every writer does, and the first one has done it for all of them. A topic whose id is not known
   * is none that the rows come from, or one of old brokers.
   */
  private void noteLoadedBefore(SinkHistory history, Connection connection)
      throws SQLException, IOException {
    LoadedBefore before = settings.replays().loadedBefore();
    if (before != null && !settings.replays().repair()) {
      try {
        Optional<String> topicId = topicIds.of(before.topic());
        if (topicId.isPresent()) {
          history.note(connection, before.ranges(topicId.get()));
        }
      } catch (IllegalStateException e) {
        // It would be no better after a restart.
        throw new SuppressRestartsException(e);
      }
    }
  }

  private <T> T ask(String what, InterruptibleDatabase.Work<T> question) throws IOException {
    try (InterruptibleDatabase database =
        new InterruptibleDatabase(settings.connection(), "cloudberry-table " + settings.sinkId())) {
      return settings
          .retry()
          .run(
              () -> database.call("kafka-cloudberry table", question),
              (SQLException failure, Duration backoff) ->
                  LOG.warn("Cannot read {} yet; trying again in {}", what, backoff, failure));
    } catch (SQLException e) {
      throw new IOException(
          "Cannot read %s in %s: %s (SQLSTATE %s)"
              .formatted(what, settings.connection(), e.getMessage(), e.getSQLState()),
          e);
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  private static IOException cancelled(InterruptedException interrupt) {
    Thread.currentThread().interrupt();
    return new IOException("Cancelled while waiting for the database", interrupt);
  }
}

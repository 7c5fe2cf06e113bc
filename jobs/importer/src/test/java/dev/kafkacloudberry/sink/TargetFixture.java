package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.Password;
import dev.kafkacloudberry.database.RetryPolicy;
import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.types.logical.RowType;

/** A table, a ledger and a staging directory that one test has for itself, and a job into them. */
final class TargetFixture {

  /** Where all rows are, in the end: everything that a story may change. */
  record Outcome(List<Integer> rows, List<String> commits, List<String> staged) {}

  private static final RowType ROW_TYPE =
      (RowType)
          DataTypes.ROW(
                  DataTypes.FIELD("id", DataTypes.INT()),
                  DataTypes.FIELD("note", DataTypes.STRING()))
              .getLogicalType();

  private static final int ROLL_SIZE = 1 << 18;

  /** So much that a writer does not keep it in memory. */
  private static final int LARGE = 1 << 17;

  private static int tables;

  private final PostgresServer postgres;
  private final Path staging;
  private final String table = "orders_" + ++tables;
  private final String ledger = "ledger_" + tables;

  private String url;
  private RetryPolicy retry =
      new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(10));
  private Duration ledgerRetention = Duration.ofDays(90);
  private Duration stagingRetention = Duration.ofDays(7);
  private Duration lockTimeout = Duration.ofMillis(300);
  private OnError onError = OnError.FAIL;
  private RejectLimit rejectLimit;
  private CopyFormat format = CopyFormat.BINARY;
  private boolean batch;
  private MetadataPositions metadata = new MetadataPositions(Map.of());
  private boolean repair;
  private JobID job = new JobID();
  private OperatorID aggregator = new OperatorID();
  private UUID run = UUID.randomUUID();

  TargetFixture(PostgresServer postgres, PostgresProxy proxy, Path staging) throws SQLException {
    this.postgres = postgres;
    this.url = proxy.url();
    this.staging = staging;
    execute("CREATE TABLE " + table + " (id int PRIMARY KEY, note text)");
  }

  TargetFixture retryFor(Duration timeout) {
    retry = new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(100), timeout);
    return this;
  }

  TargetFixture ledgerRetention(Duration retention) {
    ledgerRetention = retention;
    return this;
  }

  TargetFixture stagingRetention(Duration retention) {
    stagingRetention = retention;
    return this;
  }

  TargetFixture lockTimeout(Duration timeout) {
    lockTimeout = timeout;
    return this;
  }

  TargetFixture rejecting() {
    onError = OnError.REJECT;
    return this;
  }

  TargetFixture rejectLimit(String limit) {
    rejectLimit = RejectLimit.parse(limit, Duration.ofHours(1));
    return this;
  }

  /** The database parses the values. */
  TargetFixture asText() {
    format = CopyFormat.TEXT;
    return this;
  }

  TargetFixture batch() {
    batch = true;
    return this;
  }

  /** Rows say where they lie in Kafka, and may be junk. */
  TargetFixture places() {
    metadata =
        new MetadataPositions(
            Map.of(
                RowMetadata.TOPIC, 2,
                RowMetadata.PARTITION, 3,
                RowMetadata.OFFSET, 4,
                RowMetadata.JUNK, 5,
                RowMetadata.JUNK_ERROR, 6));
    return this;
  }

  /** The next jobs load rejects. */
  TargetFixture repair() {
    repair = true;
    return this;
  }

  TargetFixture urlParameters(String parameters) {
    url += parameters;
    return this;
  }

  /** The next job is another submission, as after a restore from a savepoint. */
  TargetFixture resubmitted() {
    job = new JobID();
    run = UUID.randomUUID();
    return this;
  }

  /** As {@link #resubmitted()}, where the cluster gives every job the same id. */
  TargetFixture resubmittedUnderItsJobId() {
    run = UUID.randomUUID();
    return this;
  }

  /** The next harness runs another sink of the same job. */
  TargetFixture anotherSink() {
    aggregator = new OperatorID();
    run = UUID.randomUUID();
    return this;
  }

  /** The sink's operators, not started yet. */
  SinkHarness sink() {
    SinkSettings settings =
        new SinkSettings(
            new ConnectionSettings(
                url,
                postgres.username(),
                new Password.Literal(postgres.password()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30)),
            table,
            "orders-sink",
            staging.toUri().toString(),
            run,
            ROLL_SIZE,
            EnumSet.of(format),
            stagingRetention,
            ledger,
            ledgerRetention,
            lockTimeout,
            retry,
            onError,
            rejectLimit,
            new ReplaySettings(repair, false, null),
            batch);
    return new SinkHarness(
        settings,
        new CloudberrySink(
            settings, ROW_TYPE, new int[] {0, 1}, metadata, rows -> topic -> Optional.empty()),
        job,
        aggregator);
  }

  String table() {
    return table;
  }

  String ledger() {
    return ledger;
  }

  static RowData row(int id) {
    return GenericRowData.of(id, StringData.fromString("row " + id));
  }

  /** A row that lies in topic {@code orders}. */
  static RowData row(int id, int partition, long offset) {
    return row(id, "row " + id, partition, offset);
  }

  /** As {@link #largeRow(int)}, with its place. */
  static RowData largeRow(int id, int partition, long offset) {
    return row(id, "x".repeat(LARGE), partition, offset);
  }

  /** A row that could say where it lies and does not. */
  static RowData rowWithoutPlace(int id) {
    return GenericRowData.of(id, StringData.fromString("row " + id), null, null, null, null, null);
  }

  static RowData row(int id, String note, int partition, long offset) {
    return GenericRowData.of(
        id,
        StringData.fromString(note),
        StringData.fromString("orders"),
        partition,
        offset,
        null,
        null);
  }

  /** A message of topic {@code orders} that could not be decoded. */
  static RowData junk(int partition, long offset) {
    return GenericRowData.of(
        null,
        null,
        StringData.fromString("orders"),
        partition,
        offset,
        new byte[] {(byte) 0xff, 0},
        StringData.fromString("no row"));
  }

  /** A row that a writer puts into its file at once; two of them fill a file. */
  static RowData largeRow(int id) {
    return GenericRowData.of(id, StringData.fromString("x".repeat(LARGE)));
  }

  /** Behind the proxy's back. */
  void execute(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> query(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    }
  }

  Outcome outcome() throws SQLException {
    return new Outcome(
        query("SELECT id FROM " + table + " ORDER BY id").stream().map(Integer::valueOf).toList(),
        query(
            "SELECT 'checkpoint ' || checkpoint || ': ' || rows || ' rows'"
                + " || CASE WHEN rejected > 0 THEN ', ' || rejected || ' rejected' ELSE '' END FROM "
                + ledger
                + ".commits ORDER BY committed_at, checkpoint"),
        stagedFiles()
            .map(file -> file.getFileName().toString().replaceFirst(".*\\.", ""))
            .sorted()
            .toList());
  }

  /** What the ledger says of the partitions of the commits, the oldest first. */
  List<String> offsets() throws SQLException {
    return query(
        """
        SELECT o.topic || ' ' || o."partition" || ': ' || from_offset || ' to ' || to_offset || ', '
               || o.rows || ' rows, ' || o.rejected || ' rejected'
          FROM %1$s.offsets o JOIN %1$s.commits c USING (commit_id)
         ORDER BY c.checkpoint, o.topic, o."partition", from_offset
        """
            .formatted(ledger));
  }

  List<String> rejects() throws SQLException {
    return query(
        """
        SELECT concat_ws(' ', topic, "partition", "offset", message, content, error, sqlstate)
          FROM %1$s.rejects JOIN %1$s.commits USING (commit_id, sink_id)
         ORDER BY checkpoint, topic, "partition", "offset"
        """
            .formatted(ledger));
  }

  /** The staged data files, in the order of their writers. */
  List<Path> dataFiles() {
    return stagedFiles().filter(file -> file.toString().endsWith(".rows")).sorted().toList();
  }

  private Stream<Path> stagedFiles() {
    try (Stream<Path> files = Files.walk(staging)) {
      return files
          .filter(
              file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith("."))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.kafkacloudberry.scheduler.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** What the importer's ledger tells. */
public final class LedgerReport {

  private static final String IMPORTED =
      """
      SELECT c.sink_id, o.topic, o."partition", min(o.from_offset), max(o.to_offset),
             sum(coalesce(o.rows, c.rows)), sum(coalesce(o.rejected, c.rejected)), max(c.committed_at)
        FROM %1$s c LEFT JOIN %2$s o ON o.commit_id = c.commit_id
       WHERE c.job = ANY (?) AND c.committed_at >= ?
       GROUP BY c.sink_id, o.topic, o."partition"
       ORDER BY c.sink_id, o.topic, o."partition"
      """;

  private static final String PROGRESS =
      """
      SELECT c.sink_id, o.topic, o."partition", max(o.to_offset),
             sum(coalesce(o.rows, c.rows)), sum(coalesce(o.rejected, c.rejected)),
             coalesce(sum(coalesce(o.rows, c.rows))
                        FILTER (WHERE c.committed_at > now() - interval '1 minute'), 0) / 60.0,
             max(c.committed_at)
        FROM %1$s c LEFT JOIN %2$s o ON o.commit_id = c.commit_id
       WHERE c.sink_id = ANY (?)
       GROUP BY c.sink_id, o.topic, o."partition"
       ORDER BY c.sink_id, o.topic, o."partition"
      """;

  private final Connection connection;
  private final String schema;

  LedgerReport(Connection connection, String schema) {
    this.connection = connection;
    this.schema = '"' + schema.replace("\"", "\"\"") + '"';
  }

  /** The database's clock. */
  public Instant now() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  /** What jobs have committed since a moment of the database's clock, partition by partition. */
  public List<ImportedPartition> imported(Collection<String> jobs, Instant since)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(IMPORTED))) {
      statement.setArray(1, connection.createArrayOf("text", jobs.toArray()));
      statement.setObject(2, since.atOffset(ZoneOffset.UTC));
      List<ImportedPartition> imported = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          imported.add(
              new ImportedPartition(
                  row.getString(1),
                  row.getString(2),
                  row.getObject(3, Integer.class),
                  row.getObject(4, Long.class),
                  row.getObject(5, Long.class),
                  row.getLong(6),
                  row.getLong(7),
                  row.getObject(8, OffsetDateTime.class).toInstant()));
        }
      }
      return imported;
    }
  }

  /** How far sinks are. */
  public List<SinkProgress> progress(Collection<String> sinks) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql(PROGRESS))) {
      statement.setArray(1, connection.createArrayOf("text", sinks.toArray()));
      List<SinkProgress> progress = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          progress.add(
              new SinkProgress(
                  row.getString(1),
                  row.getString(2),
                  row.getObject(3, Integer.class),
                  row.getObject(4, Long.class),
                  row.getLong(5),
                  row.getLong(6),
                  row.getDouble(7),
                  row.getObject(8, OffsetDateTime.class).toInstant()));
        }
      }
      return progress;
    }
  }

  /** The sinks that are known of an import, and those that its last job has committed to. */
  public List<String> sinks(History history, String job) throws SQLException {
    TreeSet<String> sinks = new TreeSet<>(history.sinks());
    try (PreparedStatement statement =
        connection.prepareStatement(sql("SELECT DISTINCT sink_id FROM %1$s WHERE job = ?"))) {
      statement.setString(1, job);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sinks.add(row.getString(1));
        }
      }
    }
    return List.copyOf(sinks);
  }

  private String sql(String template) {
    return template.formatted(schema + ".commits", schema + ".offsets");
  }
}

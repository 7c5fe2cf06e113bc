package dev.kafkacloudberry.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Removes the records of commits that are older than the retention, and keeps the offsets that they
 * cover: the ranges of a run become one, as do those that touch, and the commit that held the end
 * of it stands for all of them.
 */
final class LedgerPruning {

  /** The newest first: what was summed up before then meets the commits that came after it. */
  private static final String EXPIRED =
      """
      SELECT commit_id, job, run, checkpoint, committed_at, bytes, skipped FROM %2$s
       WHERE sink_id = ? AND committed_at < now() - make_interval(secs => ?)
       ORDER BY committed_at DESC, checkpoint DESC LIMIT 5000
      """;

  private static final String RANGES =
      """
      SELECT (array_agg(o.commit_id ORDER BY o.to_offset DESC, o.commit_id))[1], o.topic,
             o.topic_id, o."partition", min(o.from_offset), max(o.to_offset), sum(o.rows),
             sum(o.rejected)
        FROM %1$s o JOIN %2$s c ON c.commit_id = o.commit_id
       WHERE o.commit_id = ANY (?)
       GROUP BY o.topic, o.topic_id, o."partition", coalesce(c.run, c.commit_id)
       ORDER BY o.topic, o.topic_id, o."partition", min(o.from_offset)
      """;

  private final Connection connection;
  private final Ledger ledger;
  private final String sinkId;

  LedgerPruning(Connection connection, Ledger ledger, String sinkId) {
    this.connection = connection;
    this.ledger = ledger;
    this.sinkId = sinkId;
  }

  private record Commit(
      UUID id,
      String job,
      UUID run,
      long checkpoint,
      OffsetDateTime committedAt,
      long bytes,
      long skipped) {}

  /**
   * @param commit the one that held the end
   */
  private record Range(
      UUID commit,
      String topic,
      Optional<String> topicId,
      int partition,
      long from,
      long to,
      long rows,
      long rejected) {

    /** With the one that begins next, where this one reaches it. */
    Optional<Range> joined(Range next) {
      boolean reached =
          next.topic.equals(topic)
              && next.topicId.equals(topicId)
              && next.partition == partition
              && next.from <= to;
      return reached
          ? Optional.of(
              new Range(
                  next.to >= to ? next.commit : commit,
                  topic,
                  topicId,
                  partition,
                  from,
                  Math.max(to, next.to),
                  rows + next.rows,
                  rejected + next.rejected))
          : Optional.empty();
    }
  }

  /**
   * Sums up some thousands of commits at most. Reads before it locks anything, since that may take
   * a while.
   *
   * @return how many fewer there are now
   */
  int run(Duration retention) throws SQLException {
    List<Commit> expired = expired(retention);
    Map<UUID, List<Range>> kept =
        joined(ranges(expired)).stream().collect(Collectors.groupingBy(Range::commit));
    return expired.size() > kept.size()
        ? Transaction.in(connection, () -> replace(expired, kept))
        : 0;
  }

  private List<Commit> expired(Duration retention) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(EXPIRED))) {
      statement.setString(1, sinkId);
      statement.setDouble(2, retention.toSeconds());
      List<Commit> expired = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          expired.add(
              new Commit(
                  row.getObject(1, UUID.class),
                  row.getString(2),
                  row.getObject(3, UUID.class),
                  row.getLong(4),
                  row.getObject(5, OffsetDateTime.class),
                  row.getLong(6),
                  row.getLong(7)));
        }
      }
      return expired;
    }
  }

  private List<Range> ranges(List<Commit> commits) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(RANGES))) {
      statement.setArray(1, ids(commits));
      List<Range> ranges = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          ranges.add(
              new Range(
                  row.getObject(1, UUID.class),
                  row.getString(2),
                  Optional.ofNullable(row.getString(3)),
                  row.getInt(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7),
                  row.getLong(8)));
        }
      }
      return ranges;
    }
  }

  private static List<Range> joined(List<Range> ascending) {
    Deque<Range> joined = new ArrayDeque<>();
    for (Range range : ascending) {
      Optional<Range> both = joined.isEmpty() ? Optional.empty() : joined.getLast().joined(range);
      if (both.isPresent()) {
        joined.removeLast();
      }
      joined.addLast(both.orElse(range));
    }
    return List.copyOf(joined);
  }

  private int replace(List<Commit> expired, Map<UUID, List<Range>> kept) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("LOCK TABLE " + ledger.table("commits") + " IN EXCLUSIVE MODE NOWAIT");
    }
    delete("offsets", expired);
    if (delete("commits", expired) != expired.size()) {
      throw new SQLException("Another committer has summed them up meanwhile", "40001");
    }
    // Neither bytes nor skipped rows belong to a range; the newest that is left carries them.
    long bytes = expired.stream().mapToLong(Commit::bytes).sum();
    long skipped = expired.stream().mapToLong(Commit::skipped).sum();
    for (Commit commit : expired) {
      if (kept.containsKey(commit.id())) {
        insert(commit, kept.get(commit.id()), bytes, skipped);
        bytes = 0;
        skipped = 0;
      }
    }
    return expired.size() - kept.size();
  }

  private int delete(String table, List<Commit> commits) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM " + ledger.table(table) + " WHERE commit_id = ANY (?)")) {
      statement.setArray(1, ids(commits));
      return statement.executeUpdate();
    }
  }

  private void insert(Commit commit, List<Range> ranges, long bytes, long skipped)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            ledger.sql(
                "INSERT INTO %2$s (commit_id, sink_id, job, run, checkpoint, committed_at, rows,"
                    + " bytes, rejected, skipped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))) {
      statement.setObject(1, commit.id());
      statement.setString(2, sinkId);
      statement.setString(3, commit.job());
      statement.setObject(4, commit.run());
      statement.setLong(5, commit.checkpoint());
      statement.setObject(6, commit.committedAt());
      statement.setLong(7, ranges.stream().mapToLong(Range::rows).sum());
      statement.setLong(8, bytes);
      statement.setLong(9, ranges.stream().mapToLong(Range::rejected).sum());
      statement.setLong(10, skipped);
      statement.executeUpdate();
    }
    insert(commit.id(), ranges);
  }

  private void insert(UUID commit, List<Range> ranges) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            ledger.sql(
                "INSERT INTO %1$s (commit_id, sink_id, topic, topic_id, \"partition\","
                    + " from_offset, to_offset, rows, rejected) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"))) {
      for (Range range : ranges) {
        statement.setObject(1, commit);
        statement.setString(2, sinkId);
        statement.setString(3, range.topic());
        statement.setString(4, range.topicId().orElse(null));
        statement.setInt(5, range.partition());
        statement.setLong(6, range.from());
        statement.setLong(7, range.to());
        statement.setLong(8, range.rows());
        statement.setLong(9, range.rejected());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private Array ids(List<Commit> commits) throws SQLException {
    return connection.createArrayOf("uuid", commits.stream().map(Commit::id).toArray());
  }
}

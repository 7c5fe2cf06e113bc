package dev.kafkacloudberry.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Which offsets the commits of a sink cover.
 *
 * <p>A run has read everything from its first offset of a partition to its last, so all of that is
 * covered: what has no row in a commit was filtered out by the query, or was no message.
 */
public record SinkHistory(Ledger ledger, String sinkId) {

  private static final String COVERED =
      """
      SELECT o.topic, o.topic_id, o."partition", min(o.from_offset), max(o.to_offset),
             max(c.committed_at)
        FROM %1$s o JOIN %2$s c ON c.commit_id = o.commit_id
       WHERE o.sink_id = ?
       GROUP BY o.topic, o.topic_id, o."partition", coalesce(c.run, c.commit_id)
       ORDER BY o.topic, o.topic_id, o."partition", min(o.from_offset)
      """;

  /** Whether anything was committed, but for what something else had loaded before. */
  public boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            ledger.sql("SELECT EXISTS (SELECT FROM %2$s WHERE sink_id = ? AND job <> ?)"))) {
      statement.setString(1, sinkId);
      statement.setString(2, Load.LOADED_BEFORE);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  /** Reads what is covered: for each run, topic and partition one range, ascending. */
  public List<CoveredRange> covered(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(COVERED))) {
      statement.setString(1, sinkId);
      List<CoveredRange> covered = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          covered.add(
              new CoveredRange(
                  row.getString(1),
                  Optional.ofNullable(row.getString(2)),
                  row.getInt(3),
                  row.getLong(4),
                  row.getLong(5),
                  row.getObject(6, OffsetDateTime.class).toInstant()));
        }
      }
      return covered;
    }
  }

  /** A statement may have 32,767 parameters. */
  private static final int AT_ONCE = 1_000;

  /** One for each range, so that each is a look into the index. */
  private static final String OVERLAPPING =
      """
      SELECT ?::int, o.from_offset, o.to_offset, o.commit_id,
             coalesce(c.run, o.commit_id), c.job, c.checkpoint
        FROM %1$s o LEFT JOIN %2$s c ON c.commit_id = o.commit_id
       WHERE o.sink_id = ? AND o.topic = ? AND o."partition" = ? AND o.to_offset > ?
         AND o.from_offset < ? AND (o.topic_id = ? OR o.topic_id IS NULL OR ?::text IS NULL)
      """;

  /** Makes the commits of the sink take turns, until the caller's transaction ends. */
  void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      statement.setLong(1, lockKey());
      statement.execute();
    }
  }

  /** The same in every process. Two sinks may share one; they take turns then. */
  private long lockKey() {
    return UUID.nameUUIDFromBytes((ledger.schema() + '\0' + sinkId).getBytes(UTF_8))
        .getMostSignificantBits();
  }

  /**
   * Notes offsets that something else has loaded as if a commit of the sink held them. What is
   * covered already stays as it is, so this may be done again.
   *
   * @param loaded of one topic with a known id
   * @throws IllegalStateException when commits are of an earlier topic of this name, of which the
   *     offsets may be too; they would hide messages of the new one
   */
  public void note(Connection connection, List<OffsetRange> loaded) throws SQLException {
    Transaction.in(
        connection,
        () -> {
          readCommitted(connection);
          lock(connection);
          List<CoveredRange> covered = covered(connection);
          requireSameTopic(covered, loaded);
          List<OffsetRange> missing = missing(covered, loaded);
          return missing.isEmpty()
              || ledger.record(connection, Load.ofSomethingElse(sinkId, missing));
        });
  }

  /** Who has waited for another's turn has to see what it did. */
  private static void readCommitted(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }
  }

  private static void requireSameTopic(List<CoveredRange> covered, List<OffsetRange> loaded) {
    for (OffsetRange range : loaded) {
      for (CoveredRange other : covered) {
        if (other.topic().equals(range.topic())
            && other.topicId().isPresent()
            && !other.topicId().equals(range.topicId())) {
          throw new IllegalStateException(
              "Topic '%s' was deleted and created again since rows of it were loaded, and the offsets that something else has loaded may be of the old one. Leave 'sink.loaded-before' or --start-after out"
                  .formatted(range.topic()));
        }
      }
    }
  }

  private static List<OffsetRange> missing(List<CoveredRange> covered, List<OffsetRange> loaded) {
    List<CoveredRange> ascending =
        covered.stream().sorted(Comparator.comparing(CoveredRange::from)).toList();
    List<OffsetRange> missing = new ArrayList<>();
    for (OffsetRange range : loaded) {
      long next = range.from();
      for (CoveredRange other : ascending) {
        if (range.isOfSamePartition(other) && other.to() > next) {
          missing.add(range.between(next, Math.min(other.from(), range.to())));
          next = other.to();
        }
      }
      missing.add(range.between(next, range.to()));
    }
    missing.removeIf(range -> range.from() >= range.to());
    return missing;
  }

  /** Which ranges of commits have offsets of these, ascending for each of them. */
  List<Overlap> overlaps(Connection connection, List<OffsetRange> ranges) throws SQLException {
    List<Overlap> overlaps = new ArrayList<>();
    for (int from = 0; from < ranges.size(); from += AT_ONCE) {
      List<OffsetRange> some = ranges.subList(from, Math.min(from + AT_ONCE, ranges.size()));
      readOverlaps(connection, some, overlaps);
    }
    return overlaps;
  }

  private void readOverlaps(Connection connection, List<OffsetRange> ranges, List<Overlap> overlaps)
      throws SQLException {
    String each = ledger.sql(OVERLAPPING);
    try (PreparedStatement statement =
        connection.prepareStatement(
            String.join(" UNION ALL ", Collections.nCopies(ranges.size(), each))
                + " ORDER BY 1, 2")) {
      int parameter = 1;
      for (int i = 0; i < ranges.size(); i++) {
        OffsetRange range = ranges.get(i);
        statement.setInt(parameter++, i);
        statement.setString(parameter++, sinkId);
        statement.setString(parameter++, range.topic());
        statement.setInt(parameter++, range.partition());
        statement.setLong(parameter++, range.from());
        statement.setLong(parameter++, range.to());
        statement.setString(parameter++, range.topicId().orElse(null));
        statement.setString(parameter++, range.topicId().orElse(null));
      }
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          overlaps.add(
              new Overlap(
                  ranges.get(row.getInt(1)),
                  row.getLong(2),
                  row.getLong(3),
                  row.getObject(4, UUID.class),
                  row.getObject(5, UUID.class),
                  row.getString(6),
                  row.getLong(7)));
        }
      }
    }
  }

  /**
   * A range of another commit that has offsets of this one.
   *
   * @param run what all commits of its run have in common
   * @param job the job that made the other commit, with its checkpoint
   */
  record Overlap(
      OffsetRange range, long from, long to, UUID commit, UUID run, String job, long checkpoint) {}

  private static final String OPEN_REJECTS =
      """
      SELECT DISTINCT topic, "partition", "offset" FROM %3$s
       WHERE sink_id = ? AND topic IS NOT NULL ORDER BY 1, 2, 3
      """;

  /** The places of the rejects that are not repaired. */
  public List<OffsetRange> openRejects(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(OPEN_REJECTS))) {
      statement.setString(1, sinkId);
      List<OffsetRange> places = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          long offset = row.getLong(3);
          places.add(
              new OffsetRange(
                  row.getString(1), Optional.empty(), row.getInt(2), offset, offset + 1, 0, 1));
        }
      }
      return OffsetRange.joined(places);
    }
  }

  private static final String CLOSE =
      """
      INSERT INTO %4$s (reject_commit_id, topic, "partition", "offset", commit_id)
      SELECT DISTINCT r.commit_id, r.topic, r."partition", r."offset", ?::uuid
        FROM %3$s r
        JOIN unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[])
               AS place (topic, "partition", from_offset, to_offset)
          ON r.topic = place.topic AND r."partition" = place."partition"
         AND r."offset" >= place.from_offset AND r."offset" < place.to_offset
       WHERE r.sink_id = ?
      """;

  private static final String CLOSED =
      """
      SELECT count(*) FROM (
        SELECT DISTINCT topic, "partition", "offset" FROM %4$s WHERE commit_id = ?) places
      """;

  /**
   * Marks the rejects of a repair as repaired, inside the caller's transaction.
   *
   * @throws OverlapException when one of its places has no open reject any more
   */
  void close(Connection connection, Load repair) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(CLOSE))) {
      statement.setObject(1, repair.commitId());
      statement.setArray(2, array(connection, "text", repair, OffsetRange::topic));
      statement.setArray(3, array(connection, "int4", repair, OffsetRange::partition));
      statement.setArray(4, array(connection, "int8", repair, OffsetRange::from));
      statement.setArray(5, array(connection, "int8", repair, OffsetRange::to));
      statement.setString(6, sinkId);
      statement.executeUpdate();
    } catch (SQLException e) {
      if (Ledger.UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw new OverlapException(
            "nothing was committed: another repair of sink '%s' loads rejected messages of this one at the same time. Run this one again"
                .formatted(sinkId));
      }
      throw e;
    }
    long places = repair.ranges().stream().mapToLong(range -> range.to() - range.from()).sum();
    try (PreparedStatement statement = connection.prepareStatement(ledger.sql(CLOSED))) {
      statement.setObject(1, repair.commitId());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getLong(1) != places) {
          throw new OverlapException(
              "nothing was committed: of the %d rejected messages that were to be repaired, %d are not open any more in sink '%s'. Another repair has loaded them; run this one again"
                  .formatted(places, places - row.getLong(1), sinkId));
        }
      }
    }
  }

  private static Array array(
      Connection connection, String type, Load load, Function<OffsetRange, Object> part)
      throws SQLException {
    return connection.createArrayOf(type, load.ranges().stream().map(part).toArray());
  }
}

package dev.kafkacloudberry.database;

import dev.kafkacloudberry.database.SinkHistory.Overlap;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Compares the offsets of a load with those of all other commits of its sink. */
record OverlapCheck(SinkHistory history, Load load) {

  enum Verdict {
    /** No other commit has any of them. */
    NEW,
    /** The load itself is committed. */
    COMMITTED,
    /** Another run staged the load, and others have since committed all of its offsets. */
    COVERED
  }

  /**
   * Makes the commits of the sink take turns until the transaction ends, and compares.
   *
   * @throws OverlapException when other commits have some of them
   */
  Verdict run(Connection connection) throws SQLException {
    if (load.ranges().isEmpty()) {
      return Verdict.NEW;
    }
    history.lock(connection);
    if (load.repair()) {
      return Verdict.NEW;
    }
    List<Overlap> overlaps = history.overlaps(connection, load.ranges());
    if (overlaps.isEmpty()) {
      return Verdict.NEW;
    }
    if (overlaps.stream().anyMatch(overlap -> overlap.commit().equals(load.commitId()))) {
      return Verdict.COMMITTED;
    }
    if (load.inherited() && load.ranges().stream().allMatch(range -> isCovered(range, overlaps))) {
      return Verdict.COVERED;
    }
    throw load.inherited() ? partlyCovered(overlaps.get(0)) : loadedByAnother(overlaps.get(0));
  }

  /** A run has read all that lies between its commits. */
  private static boolean isCovered(OffsetRange range, List<Overlap> overlaps) {
    Map<UUID, Long> endsByRun = new HashMap<>();
    overlaps.stream()
        .filter(overlap -> overlap.range() == range)
        .forEach(overlap -> endsByRun.merge(overlap.run(), overlap.to(), Math::max));
    long next = range.from();
    for (Overlap overlap : overlaps) {
      if (overlap.range() == range && overlap.from() <= next) {
        next = Math.max(next, endsByRun.get(overlap.run()));
      }
    }
    return next >= range.to();
  }

  private OverlapException loadedByAnother(Overlap overlap) {
    return new OverlapException(
        collision(overlap)
            + " Either another job, or another INSERT of this one, loads with this 'sink.id': let one of them run, or give each an id of its own. Or the query holds rows back and lets them go behind committed offsets, as a join over time does: do not give topic, partition and offset to the sink then");
  }

  private OverlapException partlyCovered(Overlap overlap) {
    return new OverlapException(
        collision(overlap)
            + " The rows were staged by an earlier job and are in the state that this one started from; since then another job has loaded a part of them. Start without that state: what is not in the table is then read again, and what is there is skipped");
  }

  private String collision(Overlap overlap) {
    OffsetRange range = overlap.range();
    return "nothing was committed: of topic '%s', partition %d it holds rows of the offsets %d to %d, and those of %d to %d are committed by job %s, checkpoint %d, under the same sink id '%s'."
        .formatted(
            range.topic(),
            range.partition(),
            range.from(),
            range.to() - 1,
            overlap.from(),
            overlap.to() - 1,
            overlap.job(),
            overlap.checkpoint(),
            load.sinkId());
  }
}

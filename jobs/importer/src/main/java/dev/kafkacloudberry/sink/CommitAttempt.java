package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.copy.CopyRows;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.LoadTransaction;
import dev.kafkacloudberry.database.LoadTransaction.Outcome;
import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Refusal;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RejectData;
import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileReader;
import dev.kafkacloudberry.text.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to commit a committable: all rows at once. Only when the database refuses some of
 * them are they looked for, and then either the first one is named or all others are committed,
 * again at once.
 */
final class CommitAttempt {

  private static final Logger LOG = LoggerFactory.getLogger(CommitAttempt.class);

  /** The table may change between the search and the commit, but not for ever. */
  private static final int MOST_SEARCHES = 3;

  /** When so many wait for others to make them acceptable, the first is named all the same. */
  private static final int MOST_WAITING = 100;

  private static final int ROWS_AT_ONCE = 1 << 14;
  private static final int BYTES_AT_ONCE = 1 << 20;

  /**
   * @param load what was committed, whoever did it
   */
  record Result(Outcome outcome, Load load) {}

  private final Connection connection;
  private final LoadTransaction transaction;
  private final CloudberryCommittable committable;
  private final Load load;
  private final OnError onError;
  private final RejectCheck check;
  private final Duration lockTimeout;
  private final StagedFileReader reader = new StagedFileReader();

  CommitAttempt(
      Connection connection,
      LoadTransaction transaction,
      CloudberryCommittable committable,
      Load load,
      OnError onError,
      RejectCheck check,
      Duration lockTimeout) {
    this.connection = connection;
    this.transaction = transaction;
    this.committable = committable;
    this.load = load;
    this.onError = onError;
    this.check = check;
    this.lockTimeout = lockTimeout;
  }

  Result run() throws SQLException, IOException {
    check.require(load, this::readStagedRejects);
    SQLException refusal;
    try {
      return new Result(
          transaction.run(load, this::writeRows, this::readStagedRejects, lockTimeout), load);
    } catch (SQLException e) {
      if (!Refusal.is(e)) {
        throw e;
      }
      refusal = e;
    }
    for (int search = 0; search < MOST_SEARCHES; search++) {
      connection.rollback();
      try (Refusals refusals = new Refusals(load, committable.data())) {
        if (!findRefused(refusals)) {
          return new Result(Outcome.ALREADY_COMMITTED, load);
        }
        if (refusals.count() == 0) {
          throw refusal;
        }
        if (onError == OnError.FAIL) {
          throw named(refusals.first());
        }
        return commitWithout(refusals);
      } catch (SQLException e) {
        if (onError == OnError.FAIL || !Refusal.is(e)) {
          throw e;
        }
        refusal = e;
      }
    }
    throw refusal;
  }

  private boolean findRefused(Refusals refusals) throws SQLException, IOException {
    LOG.info("The database refuses rows of commit {}; looking for them", load.commitId());
    try (SearchPasses passes = new SearchPasses(load, committable, refusals, this::refused)) {
      return transaction.findRefused(load, passes, lockTimeout);
    }
  }

  private void refused(Refusals refusals, Refusals waiting) throws SQLException, IOException {
    if (onError == OnError.REJECT) {
      check.requireFewerThan(load, refusals);
    } else if (refusals.count() > 0) {
      throw named(refusals.first());
    } else if (waiting.count() == MOST_WAITING) {
      throw named(waiting.first());
    }
  }

  private SQLException named(Reject reject) {
    return new SQLException(
        "the table refuses the row %s: %s. The row is %s. Mend the table or the query, or set 'sink.on-error' = 'reject' to keep such rows in the ledger instead"
            .formatted(
                reject.place().map(Place::toString).orElse("(its place in Kafka is not known)"),
                reject.error(),
                Excerpt.of(reject.content().orElse(""))),
        reject.sqlState().orElse(null));
  }

  private Result commitWithout(Refusals refusals) throws SQLException, IOException {
    Load rest = refusals.rest();
    RejectData rejects =
        consumer -> {
          readStagedRejects(consumer);
          refusals.forEach(consumer);
        };
    check.require(rest, rejects);
    connection.rollback(); // what the check has read
    LOG.info(
        "Committing {} without the {} rows that are refused", load.commitId(), refusals.count());
    return new Result(
        transaction.run(rest, copy -> writeRows(copy, refusals), rejects, lockTimeout), rest);
  }

  private void writeRows(OutputStream copy) throws IOException {
    CopyFormat format = committable.target().format();
    copy.write(format.header());
    for (DataFile file : committable.data()) {
      reader.copy(file.rows(), copy);
    }
    copy.write(format.trailer());
  }

  private void writeRows(OutputStream copy, Refusals refusals) throws IOException {
    CopyFormat format = committable.target().format();
    copy.write(format.header());
    for (DataFile file : committable.data()) {
      BitSet refused = refusals.of(file);
      if (refused.isEmpty()) {
        reader.copy(file.rows(), copy);
      } else {
        writeRows(file, refused, copy);
      }
    }
    copy.write(format.trailer());
  }

  private void writeRows(DataFile file, BitSet refused, OutputStream copy) throws IOException {
    try (InputStream in = StagedFileReader.open(file.rows())) {
      CopyRows rows = new CopyRows(committable.target().format(), in);
      int first = 0;
      CopyRows.Chunk chunk = rows.next(ROWS_AT_ONCE, BYTES_AT_ONCE);
      while (chunk.count() > 0) {
        writeRows(chunk, first, refused, copy);
        first += chunk.count();
        chunk = rows.next(ROWS_AT_ONCE, BYTES_AT_ONCE);
      }
    }
  }

  /**
   * @param first the number of the chunk's first row
   */
  private static void writeRows(CopyRows.Chunk chunk, int first, BitSet refused, OutputStream copy)
      throws IOException {
    int end = first + chunk.count();
    int from = refused.nextClearBit(first);
    while (from < end) {
      int next = refused.nextSetBit(from);
      int to = next < 0 ? end : Math.min(next, end);
      chunk.writeTo(copy, from - first, to - first);
      from = refused.nextClearBit(to);
    }
  }

  private void readStagedRejects(RejectData.Consumer rejects) throws IOException {
    for (StagedFile file : committable.rejects()) {
      RejectsEncoding.read(file, rejects);
    }
  }
}

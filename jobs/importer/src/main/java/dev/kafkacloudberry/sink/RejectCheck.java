package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Ledger;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.RejectData;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** Ends the job when it has rejected more than its limit. */
final class RejectCheck {

  private final Connection connection;
  private final Ledger ledger;
  private final Optional<RejectLimit> limit;

  RejectCheck(Connection connection, Ledger ledger, Optional<RejectLimit> limit) {
    this.connection = connection;
    this.ledger = ledger;
    this.limit = limit;
  }

  /**
   * @param rejects all of the load
   * @throws SuppressRestartsException if the limit is passed: a restart would meet the same rows
   */
  void require(Load load, RejectData rejects) throws SQLException, IOException {
    if (limit.isEmpty() || load.rejected() == 0) {
      return;
    }
    Ledger.Counts before = before(load);
    if (limit.get().isPassed(before.rows() + load.rows(), before.rejected() + load.rejected())) {
      throw passed(load, load.rejected(), before, rejects);
    }
  }

  /** While refused rows are looked for: a number may be passed before all of them are found. */
  void requireFewerThan(Load load, Refusals refusals) throws IOException {
    if (limit.isPresent()
        && !limit.get().isPercentage()
        && limit.get().isPassed(0, load.rejected() + refusals.count())) {
      throw passed(
          load, load.rejected() + refusals.count(), new Ledger.Counts(0, 0), refusals::forEach);
    }
  }

  private Ledger.Counts before(Load load) throws SQLException {
    return ledger.counts(connection, load.sinkId(), limit.get().window(), load.commitId());
  }

  private SuppressRestartsException passed(
      Load load, long rejected, Ledger.Counts before, RejectData rejects) throws IOException {
    RejectSummary summary = RejectSummary.of(rejects);
    return new SuppressRestartsException(
        new IllegalStateException(
            "Sink '%s' has rejected more than 'sink.reject-limit' = '%s' in %s: %d rows now, %d before. The commonest reasons: %s. Of those of now, %s. Nothing of checkpoint %d is committed; go on from the latest checkpoint when the cause is mended or the limit raised"
                .formatted(
                    load.sinkId(),
                    limit.get(),
                    limit.get().window(),
                    rejected,
                    before.rejected(),
                    summary.reasons(),
                    summary.places(),
                    load.checkpoint())));
  }
}

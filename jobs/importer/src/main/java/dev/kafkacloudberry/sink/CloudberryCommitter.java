package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.InterruptibleDatabase;
import dev.kafkacloudberry.database.Ledger;
import dev.kafkacloudberry.database.LoadTransaction;
import dev.kafkacloudberry.database.LoadTransaction.Outcome;
import dev.kafkacloudberry.database.OverlapException;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits completed checkpoints, each in one transaction.
 *
 * <p>It relies on this: there is one committable for a checkpoint; committables come in the order
 * of their checkpoints; a committable comes again until this returns from it without an exception.
 * It never reports a commit that did not happen: what cannot be committed fails the job, which then
 * restores the committable and tries anew.
 */
final class CloudberryCommitter implements Committer<CloudberryCommittable> {

  private static final Logger LOG = LoggerFactory.getLogger(CloudberryCommitter.class);
  private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofHours(1);

  private final SinkSettings settings;
  private final Ledger ledger;
  private final StagingDirectory staging;
  private final CommitMetrics metrics;
  private final InterruptibleDatabase database;
  private Instant nextHousekeeping = Instant.MIN;

  CloudberryCommitter(SinkSettings settings, StagingDirectory staging, CommitMetrics metrics) {
    this.settings = settings;
    this.ledger = new Ledger(settings.ledgerSchema());
    this.staging = staging;
    this.metrics = metrics;
    this.database =
        new InterruptibleDatabase(settings.connection(), "cloudberry-commit " + settings.sinkId());
  }

  @Override
  public void commit(Collection<CommitRequest<CloudberryCommittable>> requests)
      throws IOException, InterruptedException {
    for (CommitRequest<CloudberryCommittable> request : requests) {
      commit(request.getCommittable());
    }
  }

  private void commit(CloudberryCommittable committable) throws IOException, InterruptedException {
    long start = System.nanoTime();
    CommitAttempt.Result result =
        withRetries(
            "commit " + describe(committable),
            LoadTransaction.applicationName(committable.asLoad(settings.run())),
            connection -> attempt(connection, committable));
    if (result.outcome() == Outcome.COMMITTED) {
      metrics.committed(result.load(), Duration.ofNanos(System.nanoTime() - start));
      LOG.info("Committed {}", describe(committable));
    } else if (result.outcome() == Outcome.SKIPPED) {
      LOG.info("Others have committed all offsets of {}, so it was skipped", describe(committable));
    } else {
      LOG.info("An earlier attempt had committed {}", describe(committable));
    }
    metrics.settled(committable.checkpointId(), committable.bytes());
    removeStagedFiles(committable);
    if (Instant.now().isAfter(nextHousekeeping)) {
      nextHousekeeping = Instant.now().plus(HOUSEKEEPING_INTERVAL);
      removeExpired(committable.stagedAt());
    }
  }

  private CommitAttempt.Result attempt(Connection connection, CloudberryCommittable committable)
      throws SQLException, IOException {
    requireRemembered(connection, committable);
    return new CommitAttempt(
            connection,
            new LoadTransaction(connection, ledger),
            committable,
            committable.asLoad(settings.run()),
            settings.onError(),
            new RejectCheck(connection, ledger, Optional.ofNullable(settings.rejectLimit())),
            settings.lockTimeout())
        .run();
  }

  /** The ledger forgets; what is older than its memory may be committed or not. */
  private void requireRemembered(Connection connection, CloudberryCommittable committable)
      throws SQLException {
    Instant horizon = Instant.now().minus(settings.ledgerRetention());
    if (committable.stagedAt().isBefore(horizon)
        && !ledger.contains(connection, committable.commitId())) {
      throw new SQLException(
          "it was staged at %s, and the ledger remembers %d days ('ledger.retention'). Whether its rows are in the table can no longer be told. Look for them by hand, then either insert the commit_id into %s.commits to mark it as committed, or set a longer 'ledger.retention' to have it committed"
              .formatted(
                  committable.stagedAt(),
                  settings.ledgerRetention().toDays(),
                  settings.ledgerSchema()),
          "22000");
    }
  }

  /** A file that stays behind costs space only, while the ledger knows of its commit. */
  private void removeStagedFiles(CloudberryCommittable committable) {
    try {
      StagingDirectory.removeCommitted(committable.commitId(), committable.files());
    } catch (IOException e) {
      LOG.warn("Cannot remove the staged files of {}", describe(committable), e);
    }
  }

  /** Everything that is still to be committed was staged after the commit that was just made. */
  private void removeExpired(Instant committedStagedAt) throws InterruptedException {
    try {
      int files = staging.removeExpired(committedStagedAt.minus(settings.stagingRetention()));
      int records =
          database.call(
              "kafka-cloudberry housekeeping",
              connection ->
                  ledger.prune(
                      connection, settings.sinkId(), settings.ledgerRetention().plusDays(1)));
      LOG.info("Removed {} expired staged files and {} old records of the ledger", files, records);
    } catch (IOException | SQLException e) {
      LOG.warn("Cannot remove what has expired; trying again in an hour", e);
    }
  }

  /** Called once, before the first commit. */
  void createLedger() throws IOException, InterruptedException {
    withRetries(
        "create the ledger",
        "kafka-cloudberry ledger",
        connection -> {
          ledger.ensureExists(connection);
          return null;
        });
  }

  private <T> T withRetries(
      String action, String applicationName, InterruptibleDatabase.Work<T> work)
      throws IOException, InterruptedException {
    try {
      return settings
          .retry()
          .run(
              () -> database.call(applicationName, work),
              (failure, backoff) -> {
                metrics.retried();
                LOG.warn("Cannot {} yet; trying again in {}", action, backoff, failure);
              });
    } catch (OverlapException e) {
      // It would be no better after a restart.
      throw new SuppressRestartsException(
          new IOException("Cannot %s: %s".formatted(action, e.getMessage()), e));
    } catch (SQLException e) {
      throw new IOException(
          "Cannot %s in %s: %s (SQLSTATE %s)"
              .formatted(action, settings.connection(), e.getMessage(), e.getSQLState()),
          e);
    } catch (IOException e) {
      throw new IOException("Cannot %s: %s".formatted(action, e.getMessage()), e);
    }
  }

  private static String describe(CloudberryCommittable committable) {
    return "%d rows and %d rejects of checkpoint %d to table %s (sink '%s', commit %s)"
        .formatted(
            committable.rows(),
            committable.rejected(),
            committable.checkpointId(),
            committable.target().table(),
            committable.sinkId(),
            committable.commitId());
  }

  @Override
  public void close() {
    database.close();
  }
}

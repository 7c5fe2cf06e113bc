package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.Refusal;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RowBatches;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The rows to try when a committable is refused: all of them, then those again that others may have
 * made acceptable, as long as one is taken then.
 */
final class SearchPasses implements RowBatches.Passes, AutoCloseable {

  /** What to do while rows are found to be refused. */
  @FunctionalInterface
  interface Listener {

    /**
     * @param waiting those that others may make acceptable
     * @throws SQLException to end the search
     */
    void refused(Refusals refusals, Refusals waiting) throws SQLException, IOException;
  }

  private final Load load;
  private final CloudberryCommittable committable;
  private final Refusals refusals;
  private final Listener listener;
  private Refusals tried;
  private Refusals waiting;
  private long refusedNow;

  /**
   * @param refusals where they are gathered
   * @param listener told each time one is found
   */
  SearchPasses(Load load, CloudberryCommittable committable, Refusals refusals, Listener listener) {
    this.load = load;
    this.committable = committable;
    this.refusals = refusals;
    this.listener = listener;
  }

  @Override
  public Optional<RowBatches> next() throws IOException {
    if (waiting == null) {
      waiting = newRefusals();
      return Optional.of(pass((file, row) -> true));
    }
    boolean isOneTaken = tried == null || refusedNow < tried.count();
    if (waiting.count() == 0 || !isOneTaken) {
      refusals.addAll(waiting);
      return Optional.empty();
    }
    closeTried();
    tried = waiting;
    waiting = newRefusals();
    return Optional.of(pass(tried::has));
  }

  private Refusals newRefusals() throws IOException {
    return new Refusals(load, committable.data());
  }

  private RowBatches pass(StagedRowBatches.Choice choice) {
    refusedNow = 0;
    return new StagedRowBatches(committable, choice, this::refused);
  }

  private void refused(DataFile file, int row, Reject reject, Refusal refusal)
      throws SQLException, IOException {
    (refusal.mayPass() ? waiting : refusals).add(file, row, reject);
    refusedNow++;
    listener.refused(refusals, waiting);
  }

  private void closeTried() throws IOException {
    if (tried != null) {
      tried.close();
    }
  }

  @Override
  public void close() throws IOException {
    closeTried();
    if (waiting != null) {
      waiting.close();
    }
  }
}

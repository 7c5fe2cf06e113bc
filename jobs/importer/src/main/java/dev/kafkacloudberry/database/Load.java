package dev.kafkacloudberry.database;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What one transaction brings into the target table and the ledger.
 *
 * @param commitId names the load for ever; whoever commits it second writes nothing
 * @param job the job that staged the rows
 * @param run names the sink of the submission that staged them, where it is known
 * @param inherited another submission staged them than the one that commits
 * @param repair the rows are open rejects, which the load closes; its ranges hold only their places
 * @param checkpoint the checkpoint that completed them
 * @param rows how many rows the COPY has to store, no more and no fewer
 * @param bytes the size of the staged data
 * @param rejected how many rejects go into the ledger, no more and no fewer
 * @param skipped how many rows were left out because an earlier load holds them
 * @param ranges what it holds of each partition, where that is known, none of the offsets twice
 * @param columns the columns of the COPY, in its order
 * @param format the options of the COPY, {@code FORMAT binary}
 * @param typed the data is encoded for exactly these column types, so they have to be the same
 *     still
 */
public record Load(
    UUID commitId,
    String sinkId,
    String job,
    Optional<UUID> run,
    boolean inherited,
    boolean repair,
    long checkpoint,
    long rows,
    long bytes,
    long rejected,
    long skipped,
    List<OffsetRange> ranges,
    TableName target,
    List<Column> columns,
    String format,
    boolean typed) {

  /** In place of a job, where rows came into the target by other means. */
  static final String LOADED_BEFORE = "loaded before";

  /**
   * The same with so many of its rows rejected.
   *
   * @param otherRanges with these rows counted among the rejected
   */
  public Load withRejected(long count, List<OffsetRange> otherRanges) {
    return new Load(
        commitId,
        sinkId,
        job,
        run,
        inherited,
        repair,
        checkpoint,
        rows - count,
        bytes,
        rejected + count,
        skipped,
        otherRanges,
        target,
        columns,
        format,
        typed);
  }

  /** The record of rows that are in the target without this sink's doing; it loads nothing. */
  static Load ofSomethingElse(String sinkId, List<OffsetRange> ranges) {
    return new Load(
        UUID.randomUUID(),
        sinkId,
        LOADED_BEFORE,
        Optional.empty(),
        false,
        false,
        0,
        0,
        0,
        0,
        0,
        ranges,
        null,
        List.of(),
        "",
        false);
  }

  /** The record of rows that are left out, since other loads hold all of their offsets. */
  Load skippedWhole() {
    return new Load(
        commitId,
        sinkId,
        job,
        run,
        inherited,
        repair,
        checkpoint,
        0,
        0,
        0,
        skipped + rows + rejected,
        List.of(),
        target,
        columns,
        format,
        typed);
  }

  /** A column and the type it had when the rows were encoded, as SQL writes it. */
  public record Column(String name, String type) {}
}

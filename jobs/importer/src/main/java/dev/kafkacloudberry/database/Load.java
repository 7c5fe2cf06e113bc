package dev.kafkacloudberry.database;

import java.util.List;
import java.util.UUID;

/**
 * What one transaction brings into the target table.
 *
 * @param commitId names the load for ever; whoever commits it second writes nothing
 * @param job the job that staged the rows
 * @param checkpoint the checkpoint that completed them
 * @param rows how many rows the COPY has to store, no more and no fewer
 * @param bytes the size of the staged data
 * @param columns the columns of the COPY, in its order
 * @param format the options of the COPY, {@code FORMAT binary}
 * @param typed the data is encoded for exactly these column types, so they have to be the same
 *     still
 */
public record Load(
    UUID commitId,
    String sinkId,
    String job,
    long checkpoint,
    long rows,
    long bytes,
    TableName target,
    List<Column> columns,
    String format,
    boolean typed) {

  /** A column and the type it had when the rows were encoded, as SQL writes it. */
  public record Column(String name, String type) {}
}

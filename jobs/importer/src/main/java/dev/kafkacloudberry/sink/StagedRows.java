package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.staging.StagedFile;
import java.util.List;

/**
 * What a writer hands on at a checkpoint.
 *
 * @param target what the rows were encoded for
 * @param rejects the files of the rows that are not to be loaded
 * @param ranges which offsets its rows cover, the rejected ones included
 * @param skipped which offsets the rows cover that it left out, since an earlier commit holds them
 */
record StagedRows(
    StagedTarget target,
    List<DataFile> data,
    List<StagedFile> rejects,
    List<OffsetSpan> ranges,
    List<OffsetRange> skipped) {}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.TableName;
import java.util.List;

/**
 * The table that rows were encoded for, as it was then.
 *
 * @param columns in the order of the encoded fields
 */
record StagedTarget(TableName table, List<Load.Column> columns, CopyFormat format) {}

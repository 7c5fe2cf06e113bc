package dev.kafkacloudberry.cloudberry;

import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.table.api.ValidationException;

/** What has to be set in Flink for a job to load each row exactly once. */
final class ExactlyOnce {

  private ExactlyOnce() {}

  /**
   * @throws ValidationException when a checkpoint's barrier may overtake rows, so that what is
   *     behind it may lie before what is in front of it
   */
  static void requireAlignedBarriers(ReadableConfig flink) {
    if (!isBatch(flink) && flink.get(CheckpointingOptions.ENABLE_UNALIGNED)) {
      throw new ValidationException(
          "'"
              + CheckpointingOptions.ENABLE_UNALIGNED.key()
              + "' is true: rows may go into a later checkpoint than those behind them, and the"
              + " ledger's ranges of offsets would overlap. Set it to false for this job, or do not"
              + " give topic, partition and offset to the sink");
    }
  }

  static boolean isBatch(ReadableConfig flink) {
    return flink.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
  }

  /**
   * @throws ValidationException when a streaming job's settings do not guarantee it, with the
   *     setting to change
   */
  static void require(ReadableConfig flink) {
    if (isBatch(flink)) {
      return;
    }
    Optional<?> interval = flink.getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL);
    if (interval.isEmpty()) {
      throw new ValidationException(
          "A streaming import commits its rows with each checkpoint, and checkpoints are off. Turn"
              + " them on: SET 'execution.checkpointing.interval' = '10s'; or run the import in"
              + " batch mode: SET 'execution.runtime-mode' = 'batch';");
    }
    if (flink.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
        != CheckpointingMode.EXACTLY_ONCE) {
      throw new ValidationException(
          "'"
              + CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE.key()
              + "' is AT_LEAST_ONCE, which loads rows twice after a failure. Set it to"
              + " EXACTLY_ONCE, or remove it");
    }
    if (!flink.get(CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH)) {
      throw new ValidationException(
          "'"
              + CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH.key()
              + "' is false, so the last rows of a query that ends would never be committed. Set it"
              + " to true, or remove it");
    }
  }
}

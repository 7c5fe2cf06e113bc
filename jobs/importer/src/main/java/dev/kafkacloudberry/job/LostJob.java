package dev.kafkacloudberry.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.table.api.TableConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that no cluster knows any more, for instance because its JobManager was lost. What is left
 * of it is on the storage: its checkpoints in the folder of its id, and its savepoints, if they
 * were told to go into a folder of that name too.
 *
 * @param required whether it is an error if nothing is left
 */
record LostJob(JobID id, boolean required) {

  private static final Logger LOG = LoggerFactory.getLogger(LostJob.class);

  /** Written last, so that what has it is complete. */
  private static final String METADATA = "_metadata";

  /**
   * @throws IllegalArgumentException if this is no id of a job
   */
  static LostJob of(String id, boolean required) {
    return new LostJob(JobID.fromHexString(id), required);
  }

  /**
   * Lets the jobs to come go on from its newest state.
   *
   * @throws ImportFailure if there is none and it is required, or the storage cannot be read
   */
  void resume(TableConfig config) {
    List<FileStatus> states = new ArrayList<>();
    addStates(CheckpointingOptions.CHECKPOINTS_DIRECTORY, config, states);
    addStates(CheckpointingOptions.SAVEPOINT_DIRECTORY, config, states);
    if (states.isEmpty() && required) {
      throw ImportFailure.wrongArguments(
          "--resume: no checkpoint and no savepoint of job %s is in '%s' or '%s'"
              .formatted(
                  id,
                  CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                  CheckpointingOptions.SAVEPOINT_DIRECTORY.key()));
    }
    states.stream()
        .max(Comparator.comparingLong(FileStatus::getModificationTime))
        .map(newest -> newest.getPath().getParent().toString())
        .ifPresent(path -> config.set(StateRecoveryOptions.SAVEPOINT_PATH, path));
    LOG.info("After job {}, going on from {}", id, config.get(StateRecoveryOptions.SAVEPOINT_PATH));
  }

  private void addStates(
      ConfigOption<String> directory, ReadableConfig config, List<FileStatus> states) {
    config
        .getOptional(directory)
        .map(path -> new Path(path, id.toHexString()))
        .ifPresent(
            folder -> {
              try {
                addStates(folder, states);
              } catch (IOException e) {
                throw ImportFailure.failed(
                    new IOException(
                        "Cannot look for the state of job %s in %s".formatted(id, folder), e));
              }
            });
  }

  private static void addStates(Path folder, List<FileStatus> states) throws IOException {
    FileSystem storage = folder.getFileSystem();
    if (!storage.exists(folder)) {
      return;
    }
    for (FileStatus state : storage.listStatus(folder)) {
      try {
        states.add(storage.getFileStatus(new Path(state.getPath(), METADATA)));
      } catch (FileNotFoundException e) {
        // It was never completed.
      }
    }
  }
}

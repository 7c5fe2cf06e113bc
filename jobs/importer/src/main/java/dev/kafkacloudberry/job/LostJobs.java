package dev.kafkacloudberry.job;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
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
 * Jobs that no cluster knows any more, for instance because the JobManager was lost. What is left
 * of them is on the storage: their checkpoints in folders of their ids, and their savepoints, if
 * they were told to go into folders of these names too.
 *
 * @param required whether it is an error if nothing is left
 */
record LostJobs(List<JobID> ids, boolean required) {

  private static final Logger LOG = LoggerFactory.getLogger(LostJobs.class);

  /** Written last, so that what has it is complete. */
  private static final String METADATA = "_metadata";

  /**
   * @throws IllegalArgumentException if one is no id of a job
   */
  static LostJobs of(List<String> ids, boolean required) {
    return new LostJobs(ids.stream().map(JobID::fromHexString).toList(), required);
  }

  /**
   * Lets the jobs to come go on from their newest state.
   *
   * @throws ImportFailure if there is none and it is required, or the storage cannot be read
   */
  void resume(TableConfig config) {
    List<FileStatus> states = new ArrayList<>();
    for (JobID id : ids) {
      addStates(id, CheckpointingOptions.CHECKPOINTS_DIRECTORY, config, states);
      addStates(id, CheckpointingOptions.SAVEPOINT_DIRECTORY, config, states);
    }
    if (states.isEmpty() && required) {
      throw ImportFailure.wrongArguments(
          "--resume: no checkpoint and no savepoint of job %s is in '%s' or '%s'"
              .formatted(
                  named(),
                  CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                  CheckpointingOptions.SAVEPOINT_DIRECTORY.key()));
    }
    states.stream()
        .max(Comparator.comparingLong(FileStatus::getModificationTime))
        .map(newest -> newest.getPath().getParent().toString())
        .ifPresent(path -> config.set(StateRecoveryOptions.SAVEPOINT_PATH, path));
    LOG.info(
        "After job {}, going on from {}", named(), config.get(StateRecoveryOptions.SAVEPOINT_PATH));
  }

  private static void addStates(
      JobID id, ConfigOption<String> directory, ReadableConfig config, List<FileStatus> states) {
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

  private String named() {
    return ids.stream().map(JobID::toHexString).collect(Collectors.joining(", "));
  }
}

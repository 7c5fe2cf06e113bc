package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.table.api.TableConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostJobsTest {

  private static final String JOB = "0123456789abcdef0123456789abcdef";

  private static final String OTHER = "fedcba9876543210fedcba9876543210";

  @TempDir private Path directory;

  private final TableConfig config = TableConfig.getDefault();

  @BeforeEach
  void configure() {
    config.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder("checkpoints").toUri().toString());
    config.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, folder("savepoints").toUri().toString());
  }

  @Test
  void goesOnFromTheNewestOfItsCheckpointsAndSavepoints() throws IOException {
    store("checkpoints/" + JOB + "/chk-9", 9);
    store("checkpoints/" + JOB + "/chk-10", 10);
    store("savepoints/" + JOB + "/savepoint-a", 8);
    assertThat(resumed(true)).endsWith("/chk-10");

    store("savepoints/" + JOB + "/savepoint-b", 11);
    assertThat(resumed(true)).endsWith("/savepoint-b");

    store("checkpoints/" + OTHER + "/chk-1", 12);
    assertThat(resumed(true)).endsWith(OTHER + "/chk-1");
  }

  @Test
  void leavesOutWhatIsNotCompleteOrOfAnotherJob() throws IOException {
    store("checkpoints/" + JOB + "/chk-1", 1);
    Files.createDirectories(folder("checkpoints/" + JOB + "/chk-2"));
    Files.createDirectories(folder("checkpoints/" + JOB + "/shared"));
    store("checkpoints/" + JOB.replace('0', '1') + "/chk-3", 3);
    assertThat(resumed(true)).endsWith("/chk-1");
  }

  @Test
  void failsIfNothingIsLeft() {
    assertThatThrownBy(() -> resumed(true))
        .isInstanceOf(ImportFailure.class)
        .hasMessageContaining("no checkpoint and no savepoint of job " + JOB);
  }

  @Test
  void startsAsToldIfNothingHasToBeLeft() {
    config.set(StateRecoveryOptions.SAVEPOINT_PATH, "file:/elsewhere");
    assertThat(resumed(false)).isEqualTo("file:/elsewhere");
  }

  private String resumed(boolean required) {
    LostJobs.of(List.of(JOB, OTHER), required).resume(config);
    return config.get(StateRecoveryOptions.SAVEPOINT_PATH);
  }

  private void store(String path, long second) throws IOException {
    Path metadata = Files.createDirectories(folder(path)).resolve("_metadata");
    Files.writeString(metadata, "");
    Files.setLastModifiedTime(metadata, FileTime.fromMillis(second * 1_000));
  }

  private Path folder(String path) {
    return directory.resolve(path);
  }
}

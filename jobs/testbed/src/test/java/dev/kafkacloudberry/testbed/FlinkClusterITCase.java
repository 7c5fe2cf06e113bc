package dev.kafkacloudberry.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.checkpoint.RestoredCheckpointStats;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlinkClusterITCase {
  @AutoClose private static final FlinkCluster flink = FlinkCluster.start(2, 1);

  private JobID job;

  @BeforeEach
  void submit() throws Exception {
    job = submit(flink.clientConfiguration());
    flink.awaitRunning(job);
  }

  @AfterEach
  void cancel() {
    if (!flink.status(job).isTerminalState()) {
      flink.cancel(job);
    }
  }

  @Test
  void aJobGoesOnFromItsCheckpointWhenATaskManagerIsReplaced() {
    flink.triggerCheckpoint(job);

    flink.killTaskManager(0);
    flink.startTaskManager();

    awaitRestore();
    assertThat(flink.triggerCheckpoint(job)).exists();
  }

  @Test
  void aJobGoesOnFromItsCheckpointWhenTheJobManagerFails() {
    Path checkpoint = flink.triggerCheckpoint(job);
    assertThat(flink.latestCheckpoint(job)).contains(checkpoint);

    flink.failJobManager(job);

    awaitRestore();
  }

  @Test
  void aSavepointStartsAnotherJob() throws Exception {
    Path savepoint = flink.stopWithSavepoint(job, flink.directory().resolve("stopped"));
    assertThat(flink.status(job)).isEqualTo(JobStatus.FINISHED);

    Configuration restoring = flink.clientConfiguration();
    restoring.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString());
    job = submit(restoring);

    awaitRestore();
  }

  @Test
  void aSavepointCanBeTakenWhileTheJobGoesOn() {
    assertThat(flink.triggerSavepoint(job, flink.directory().resolve("savepoints"))).exists();
    assertThat(flink.status(job)).isEqualTo(JobStatus.RUNNING);
  }

  @Test
  void aProgramThatAsksForItsEnvironmentSubmitsHere() throws Exception {
    flink.cancel(job);

    job =
        flink.run(
            flink.clientConfiguration(),
            () -> submit(StreamExecutionEnvironment.getExecutionEnvironment()));

    flink.awaitRunning(job);
  }

  @Test
  void closeRemovesTheDirectory() {
    FlinkCluster other = FlinkCluster.start(1, 1);
    assertThat(other.directory()).exists();

    other.close();

    assertThat(other.directory()).doesNotExist();
  }

  private void awaitRestore() {
    flink.awaitRunning(job);
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(flink.checkpoints(job).getLatestRestoredCheckpoint())
                    .isInstanceOf(RestoredCheckpointStats.class));
    flink.awaitRunning(job);
  }

  private static JobID submit(Configuration configuration) throws Exception {
    return submit(new StreamExecutionEnvironment(configuration));
  }

  private static JobID submit(StreamExecutionEnvironment environment) throws Exception {
    environment.setParallelism(2);
    environment.enableCheckpointing(60_000);
    environment
        .fromSource(
            new DataGeneratorSource<>(
                n -> n, Long.MAX_VALUE, RateLimiterStrategy.perSecond(100), Types.LONG),
            WatermarkStrategy.noWatermarks(),
            "numbers")
        .uid("numbers")
        .sinkTo(new DiscardingSink<>())
        .uid("nowhere");
    return environment.executeAsync().getJobID();
  }
}

package dev.kafkacloudberry.testbed;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.checkpoint.RestoredCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.highavailability.nonha.embedded.HaLeadershipControl;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * A Flink cluster in this JVM whose TaskManagers and JobManagers can fail.
 *
 * <p>Jobs restart without limit and almost at once, and checkpoints and savepoints go to a
 * temporary directory, unless the configuration says otherwise.
 */
public final class FlinkCluster implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Scratch scratch = new Scratch("testbed-flink", this);
  private final Configuration configuration;
  private final MiniCluster cluster;

  private FlinkCluster(int taskManagers, int slotsEach, Configuration overrides) {
    configuration = defaults(scratch.directory());
    configuration.addAll(overrides);
    cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(slotsEach)
                .setHaServices(MiniCluster.HaServices.WITH_LEADERSHIP_CONTROL)
                .withRandomPorts()
                .build());
  }

  /**
   * Starts a cluster.
   *
   * @param overrides take precedence over the defaults of this class
   */
  public static FlinkCluster start(int taskManagers, int slotsEach, Configuration overrides) {
    FlinkCluster flink = new FlinkCluster(taskManagers, slotsEach, overrides);
    try {
      flink.cluster.start();
      return flink;
    } catch (Exception e) {
      flink.close();
      throw new IllegalStateException("Flink does not start", e);
    }
  }

  /** Starts a cluster with the defaults of this class. */
  public static FlinkCluster start(int taskManagers, int slotsEach) {
    return start(taskManagers, slotsEach, new Configuration());
  }

  /**
   * Configuration that submits jobs here, a copy to change freely. Hand it to {@code new
   * StreamExecutionEnvironment(...)}; {@code getExecutionEnvironment} heeds it within {@link #run}
   * only.
   */
  public Configuration clientConfiguration() {
    Configuration client = new Configuration(configuration);
    client.set(DeploymentOptions.TARGET, "remote");
    client.set(DeploymentOptions.ATTACHED, false);
    client.set(RestOptions.PORT, restUri().getPort());
    return client;
  }

  /**
   * Runs a program as {@code flink run} does: the environments that it asks for submit here.
   *
   * @param configuration {@link #clientConfiguration()}, possibly changed
   */
  public <T> T run(Configuration configuration, Callable<T> program) throws Exception {
    return SubmissionContext.call(configuration, program);
  }

  /** Address of the REST interface, and of the web interface where its jar is present. */
  public URI restUri() {
    return Futures.await(cluster.getRestAddress(), TIMEOUT);
  }

  /**
   * Ends a TaskManager and waits until it is gone; its tasks are interrupted and their jobs
   * restart.
   *
   * @param index counts TaskManagers in the order of their start, the ended ones included
   */
  public void killTaskManager(int index) {
    Futures.await(killTaskManagerAsync(index), TIMEOUT);
  }

  /**
   * Like {@link #killTaskManager} for callers that its tasks wait for, a fault's callback say: a
   * TaskManager is gone only when its tasks have ended.
   */
  public CompletableFuture<Void> killTaskManagerAsync(int index) {
    return cluster.terminateTaskManager(index);
  }

  /** Starts one more TaskManager. */
  public void startTaskManager() {
    try {
      cluster.startTaskManager();
    } catch (Exception e) {
      throw new IllegalStateException("TaskManager does not start", e);
    }
  }

  /**
   * Takes the leadership from a job's JobManager and gives it to a new one, which recovers the job
   * from its latest checkpoint. The job may still be recovering when this returns.
   */
  public void failJobManager(JobID job) {
    HaLeadershipControl leadership = cluster.getHaLeadershipControl().orElseThrow();
    Futures.await(leadership.revokeJobMasterLeadership(job), TIMEOUT);
    Futures.await(leadership.grantJobMasterLeadership(job), TIMEOUT);
  }

  public JobStatus status(JobID job) {
    return Futures.await(cluster.getJobStatus(job), TIMEOUT);
  }

  /** Waits until every task of a job runs. */
  public void awaitRunning(JobID job) {
    Futures.awaitTrue(() -> isRunning(executionGraph(job)), TIMEOUT, "job " + job + " runs");
  }

  /**
   * Waits until a job has ended, whether well or not.
   *
   * @throws IllegalStateException when it takes longer than the timeout
   */
  public JobResult awaitEnd(JobID job, Duration timeout) {
    return Futures.await(cluster.requestJobResult(job), timeout);
  }

  /** Cancels a job and waits until it has ended. */
  public void cancel(JobID job) {
    Futures.await(cluster.cancelJob(job), TIMEOUT);
    awaitEnd(job, TIMEOUT);
  }

  /**
   * Takes a checkpoint.
   *
   * @return where it is
   */
  public Path triggerCheckpoint(JobID job) {
    return path(cluster.triggerCheckpoint(job));
  }

  /**
   * Takes a savepoint while the job goes on.
   *
   * @return where it is
   */
  public Path triggerSavepoint(JobID job, Path directory) {
    return path(
        cluster.triggerSavepoint(job, directory.toString(), false, SavepointFormatType.CANONICAL));
  }

  /**
   * Ends a job with a savepoint. Its sinks have committed when this returns.
   *
   * @return where the savepoint is
   */
  public Path stopWithSavepoint(JobID job, Path directory) {
    Path savepoint =
        path(
            cluster.stopWithSavepoint(
                job, directory.toString(), false, SavepointFormatType.CANONICAL));
    awaitEnd(job, TIMEOUT);
    return savepoint;
  }

  /** The latest completed checkpoint, empty before the first. */
  public Optional<Path> latestCheckpoint(JobID job) {
    return Optional.ofNullable(checkpoints(job).getHistory().getLatestCompletedCheckpoint())
        .map(CompletedCheckpointStats::getExternalPath)
        .map(FlinkCluster::path);
  }

  /** The checkpoint or savepoint that a job last went on from, empty if it never did. */
  public Optional<Long> restoredCheckpoint(JobID job) {
    return Optional.ofNullable(checkpoints(job).getLatestRestoredCheckpoint())
        .map(RestoredCheckpointStats::getCheckpointId);
  }

  /** Where checkpoints and savepoints go that say nothing else. */
  public Path directory() {
    return scratch.directory();
  }

  /** Cancels what runs, ends the cluster and removes its temporary directory. */
  @Override
  public void close() {
    try {
      Futures.await(cluster.closeAsync(), TIMEOUT);
    } finally {
      scratch.close();
    }
  }

  CheckpointStatsSnapshot checkpoints(JobID job) {
    return executionGraph(job).getCheckpointStatsSnapshot();
  }

  private AccessExecutionGraph executionGraph(JobID job) {
    return Futures.await(cluster.getExecutionGraph(job), TIMEOUT);
  }

  private static boolean isRunning(AccessExecutionGraph job) {
    return job.getState() == JobStatus.RUNNING
        && StreamSupport.stream(job.getAllExecutionVertices().spliterator(), false)
            .allMatch(
                task ->
                    task.getExecutionState() == ExecutionState.RUNNING
                        || task.getExecutionState() == ExecutionState.FINISHED);
  }

  private static Path path(CompletableFuture<String> answer) {
    return path(Futures.await(answer, TIMEOUT));
  }

  private static Path path(String uri) {
    return Path.of(URI.create(uri));
  }

  private static Configuration defaults(Path directory) {
    Configuration defaults = new Configuration();
    defaults.set(RestOptions.ADDRESS, HOST);
    defaults.set(RestOptions.BIND_ADDRESS, HOST);
    defaults.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    defaults.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    defaults.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(16));
    defaults.set(CoreOptions.TMP_DIRS, directory.resolve("tmp").toString());
    defaults.set(WebOptions.TMP_DIR, directory.resolve("web").toString());
    defaults.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        directory.resolve("checkpoints").toUri().toString());
    defaults.set(
        CheckpointingOptions.SAVEPOINT_DIRECTORY,
        directory.resolve("savepoints").toUri().toString());
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    defaults.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
    return defaults;
  }
}

package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups.UnregisteredTaskMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessageTypeInfo;
import org.apache.flink.streaming.runtime.operators.sink.CommitterOperatorFactory;
import org.apache.flink.streaming.runtime.operators.sink.SinkWriterOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.IOUtils;

/**
 * The sink's real operators, as a job connects them, moved by hand: what lies between two operators
 * stays there until it is delivered, and what crashes is simply left where it stood.
 */
final class SinkHarness implements AutoCloseable {

  private static final int MAX_PARALLELISM = 128;

  /** What a checkpoint or a savepoint holds of the sink: the state of its committers. */
  record Snapshot(long checkpoint, List<OperatorSubtaskState> committers) {}

  private final CloudberrySink sink;
  private final SinkSettings settings;
  private final JobID job;
  private final OperatorID aggregatorId;
  private final TypeSerializer<CommittableMessage<StagedRows>> stagedOnTheWire;
  private final TypeSerializer<CommittableMessage<CloudberryCommittable>> committablesOnTheWire;

  private final List<OneInputStreamOperatorTestHarness<RowData, CommittableMessage<StagedRows>>>
      writers = new ArrayList<>();
  private OneInputStreamOperatorTestHarness<
          CommittableMessage<StagedRows>, CommittableMessage<CloudberryCommittable>>
      aggregator;
  private final List<
          OneInputStreamOperatorTestHarness<
              CommittableMessage<CloudberryCommittable>, CommittableMessage<CloudberryCommittable>>>
      committers = new ArrayList<>();

  private final Deque<AutoCloseable> everStarted = new ArrayDeque<>();
  private InterceptingOperatorMetricGroup latestMetrics;

  SinkHarness(SinkSettings settings, CloudberrySink sink, JobID job, OperatorID aggregatorId) {
    this.settings = settings;
    this.sink = sink;
    this.job = job;
    this.aggregatorId = aggregatorId;
    SerializerConfigImpl config = new SerializerConfigImpl();
    stagedOnTheWire =
        CommittableMessageTypeInfo.of(sink::getWriteResultSerializer).createSerializer(config);
    committablesOnTheWire =
        CommittableMessageTypeInfo.of(sink::getCommittableSerializer).createSerializer(config);
  }

  /** Starts the job without any state. */
  SinkHarness start(int parallelism) throws Exception {
    startWriters(parallelism);
    startAggregator();
    startCommitters(parallelism);
    return this;
  }

  /** Starts the job, or another one of the same query, from a checkpoint or a savepoint. */
  SinkHarness restore(Snapshot snapshot, int parallelism) throws Exception {
    startWriters(parallelism);
    startAggregator();
    restoreCommitters(snapshot, parallelism);
    return this;
  }

  private void startWriters(int parallelism) throws Exception {
    writers.clear();
    for (int i = 0; i < parallelism; i++) {
      writers.add(null);
      startWriter(i, parallelism);
    }
  }

  /** Starts one writer anew; the one before it is left as it stands. */
  void restartWriter(int index) throws Exception {
    startWriter(index, writers.size());
  }

  private void startWriter(int index, int parallelism) throws Exception {
    var writer =
        started(
            new OneInputStreamOperatorTestHarness<>(
                new SinkWriterOperatorFactory<RowData, StagedRows>(sink),
                environment("Writer", index, parallelism)));
    writer.setup();
    writer.initializeEmptyState();
    writer.open();
    writers.set(index, writer);
  }

  void startAggregator() throws Exception {
    aggregator =
        started(
            new OneInputStreamOperatorTestHarness<>(
                new CommitAggregator(settings), environment("Aggregator", 0, 1)));
    aggregator.getStreamConfig().setOperatorID(aggregatorId);
    aggregator.setup();
    aggregator.initializeEmptyState();
    aggregator.open();
  }

  private void startCommitters(int parallelism) throws Exception {
    committers.clear();
    for (int i = 0; i < parallelism; i++) {
      var committer = newCommitter(i, parallelism);
      committer.initializeEmptyState();
      committer.open();
      committers.add(committer);
    }
  }

  /** Starts only the committers anew; this commits at once what the snapshot holds. */
  void restoreCommitters(Snapshot snapshot, int parallelism) throws Exception {
    committers.clear();
    OperatorSubtaskState all =
        AbstractStreamOperatorTestHarness.repackageState(
            snapshot.committers().toArray(OperatorSubtaskState[]::new));
    for (int i = 0; i < parallelism; i++) {
      var committer = newCommitter(i, parallelism);
      committer.setRestoredCheckpointId(snapshot.checkpoint());
      committer.initializeState(
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              all, MAX_PARALLELISM, snapshot.committers().size(), parallelism, i));
      committer.open();
      committers.add(committer);
    }
  }

  private OneInputStreamOperatorTestHarness<
          CommittableMessage<CloudberryCommittable>, CommittableMessage<CloudberryCommittable>>
      newCommitter(int index, int parallelism) throws Exception {
    var committer =
        started(
            new OneInputStreamOperatorTestHarness<>(
                new CommitterOperatorFactory<>(sink, settings.batch(), !settings.batch()),
                environment("Committer", index, parallelism)));
    committer.setup();
    return committer;
  }

  /** Rows come to a writer. */
  void write(int writer, RowData... rows) throws Exception {
    for (RowData row : rows) {
      writers.get(writer).processElement(row, 0);
    }
  }

  /** The barrier reaches the writers: they close their files. */
  void barrierAtWriters(long checkpoint) throws Exception {
    for (var writer : writers) {
      writer.prepareSnapshotPreBarrier(checkpoint);
    }
  }

  /** What the writers handed on reaches the aggregator. */
  void deliverToAggregator() throws Exception {
    for (var writer : writers) {
      deliver(writer.getOutput(), stagedOnTheWire, aggregator);
    }
  }

  /** The barrier reaches the aggregator: it makes the committable. */
  void barrierAtAggregator(long checkpoint) throws Exception {
    aggregator.prepareSnapshotPreBarrier(checkpoint);
  }

  /** What the aggregator handed on reaches the committer. */
  void deliverToCommitter() throws Exception {
    deliver(aggregator.getOutput(), committablesOnTheWire, committers.get(0));
  }

  /** The barrier reaches the committers: their state is stored. */
  Snapshot barrierAtCommitters(long checkpoint) throws Exception {
    List<OperatorSubtaskState> states = new ArrayList<>();
    for (var committer : committers) {
      committer.prepareSnapshotPreBarrier(checkpoint);
      states.add(committer.snapshot(checkpoint, 0));
    }
    return new Snapshot(checkpoint, states);
  }

  /**
   * A checkpoint, from its barrier at the writers to the stored state. Nothing is committed yet.
   */
  Snapshot checkpoint(long checkpoint) throws Exception {
    barrierAtWriters(checkpoint);
    deliverToAggregator();
    barrierAtAggregator(checkpoint);
    deliverToCommitter();
    return barrierAtCommitters(checkpoint);
  }

  /** The job learns that the checkpoint is complete: the committers commit. */
  void complete(long checkpoint) throws Exception {
    for (var committer : committers) {
      committer.notifyOfCompletedCheckpoint(checkpoint);
    }
  }

  void endInputAtWriters() throws Exception {
    for (var writer : writers) {
      writer.endInput();
    }
  }

  void endInputAtAggregator() throws Exception {
    aggregator.endInput();
  }

  void endInputAtCommitters() throws Exception {
    for (var committer : committers) {
      committer.endInput();
    }
  }

  /** The input ends, at every operator in turn. */
  void endInput() throws Exception {
    endInputAtWriters();
    deliverToAggregator();
    endInputAtAggregator();
    deliverToCommitter();
    endInputAtCommitters();
  }

  /** The tasks of the writers fail in a process that lives on, so they are closed. */
  void closeWriters() throws Exception {
    for (var writer : writers) {
      writer.close();
    }
  }

  /** The tasks of the committers fail in a process that lives on, so they are closed. */
  void closeCommitters() throws Exception {
    for (var committer : committers) {
      committer.close();
    }
  }

  /** What the aggregator has handed on and nobody has taken yet. */
  int committablesOnTheWire() {
    return aggregator.getOutput().size();
  }

  /** A counter of the operator that was started last, a committer. */
  long committerCount(String metric) {
    return ((Counter) latestMetrics.get(metric)).getCount();
  }

  private MockEnvironment environment(String name, int index, int parallelism) {
    InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
    latestMetrics = metrics;
    return started(
        new MockEnvironmentBuilder()
            .setTaskName(name)
            .setJobID(job)
            .setMaxParallelism(MAX_PARALLELISM)
            .setParallelism(parallelism)
            .setSubtaskIndex(index)
            .setMetricGroup(
                new UnregisteredTaskMetricGroup() {
                  @Override
                  public InternalOperatorMetricGroup getOrAddOperator(
                      OperatorID id, String operator, Map<String, String> variables) {
                    return metrics;
                  }
                })
            .build());
  }

  private <T extends AutoCloseable> T started(T part) {
    everStarted.push(part);
    return part;
  }

  /** Elements travel as bytes, as between two processes. */
  @SuppressWarnings("unchecked")
  private static <T> void deliver(
      Queue<Object> wire, TypeSerializer<T> serializer, OneInputStreamOperatorTestHarness<T, ?> to)
      throws Exception {
    for (Object sent = wire.poll(); sent != null; sent = wire.poll()) {
      T element = ((StreamRecord<T>) sent).getValue();
      to.processElement(throughBytes(element, serializer), 0);
    }
  }

  private static <T> T throughBytes(T element, TypeSerializer<T> serializer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    serializer.serialize(element, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }

  @Override
  public void close() {
    everStarted.forEach(IOUtils::closeQuietly);
  }
}

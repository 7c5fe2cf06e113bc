package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
@SuppressWarnings("try") // Flink's harnesses may throw anything when they are closed.
final class SinkHarness implements AutoCloseable {

  private static final int MAX_PARALLELISM = 128;

  /** What a checkpoint or a savepoint holds of the sink. */
  record Snapshot(
      long checkpoint, OperatorSubtaskState aggregator, List<OperatorSubtaskState> committers) {}

  private final CloudberrySink sink;
  private final SinkSettings settings;
  private final JobID job;
  private final OperatorID aggregatorId;
  private final TypeSerializer<CommittableMessage<StagedRows>> stagedOnTheWire;
  private final TypeSerializer<CommittableMessage<CloudberryCommittable>> committablesOnTheWire;

  private final List<Writer> writers = new ArrayList<>();
  private Aggregator aggregator;
  private OperatorSubtaskState aggregatorState;
  private final List<Committer> committers = new ArrayList<>();

  private final Deque<AutoCloseable> everStarted = new ArrayDeque<>();

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
    startWriters(parallelism, Optional.empty());
    startAggregator(Optional.empty());
    startCommitters(parallelism, Optional.empty());
    return this;
  }

  /** Starts the job, or another one of the same query, from a checkpoint or a savepoint. */
  SinkHarness restore(Snapshot snapshot, int parallelism) throws Exception {
    startWriters(parallelism, Optional.of(snapshot));
    startAggregator(Optional.of(snapshot));
    startCommitters(parallelism, Optional.of(snapshot));
    return this;
  }

  private void startWriters(int parallelism, Optional<Snapshot> snapshot) throws Exception {
    writers.clear();
    for (int i = 0; i < parallelism; i++) {
      writers.add(startWriter(i, parallelism, snapshot));
    }
  }

  /** Starts one writer anew; the one before it is left as it stands. */
  void restartWriter(int index) throws Exception {
    writers.set(index, startWriter(index, writers.size(), Optional.empty()));
  }

  private Writer startWriter(int index, int parallelism, Optional<Snapshot> snapshot)
      throws Exception {
    InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
    Writer writer = started(new Writer(sink, environment("Writer", index, parallelism, metrics)));
    writer.setup();
    if (snapshot.isPresent()) {
      writer.setRestoredCheckpointId(snapshot.get().checkpoint());
      writer.initializeState(OperatorSubtaskState.builder().build());
    }
    writer.open();
    return writer;
  }

  private void startAggregator(Optional<Snapshot> snapshot) throws Exception {
    InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
    aggregator = started(new Aggregator(settings, environment("Aggregator", 0, 1, metrics)));
    aggregator.getStreamConfig().setOperatorID(aggregatorId);
    aggregator.setup();
    if (snapshot.isPresent()) {
      aggregator.setRestoredCheckpointId(snapshot.get().checkpoint());
      aggregator.initializeState(snapshot.get().aggregator());
    }
    aggregator.open();
  }

  /** Starts the committers; what a snapshot holds is committed at once. */
  void startCommitters(int parallelism, Optional<Snapshot> snapshot) throws Exception {
    committers.clear();
    for (int i = 0; i < parallelism; i++) {
      InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
      Committer committer =
          started(
              new Committer(
                  new CommitterOperatorFactory<>(sink, settings.batch(), !settings.batch()),
                  environment("Committer", i, parallelism, metrics),
                  metrics));
      committer.setup();
      if (snapshot.isPresent()) {
        committer.setRestoredCheckpointId(snapshot.get().checkpoint());
        committer.initializeState(share(snapshot.get().committers(), i, parallelism));
      }
      committer.open();
      committers.add(committer);
    }
  }

  /** What one of the subtasks gets when the state is dealt out to so many. */
  private static OperatorSubtaskState share(
      List<OperatorSubtaskState> state, int index, int parallelism) throws Exception {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        AbstractStreamOperatorTestHarness.repackageState(
            state.toArray(OperatorSubtaskState[]::new)),
        MAX_PARALLELISM,
        state.size(),
        parallelism,
        index);
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

  /** The barrier reaches the aggregator: it makes the committable, and its state is stored. */
  void barrierAtAggregator(long checkpoint) throws Exception {
    aggregator.prepareSnapshotPreBarrier(checkpoint);
    aggregatorState = aggregator.snapshot(checkpoint, 0);
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
    return new Snapshot(checkpoint, aggregatorState, states);
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

  /** A counter, over all committers that run. */
  long committerCount(String metric) {
    return committers.stream()
        .map(committer -> (Counter) committer.metrics.get(metric))
        .mapToLong(Counter::getCount)
        .sum();
  }

  private MockEnvironment environment(
      String name, int index, int parallelism, InterceptingOperatorMetricGroup metrics) {
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

  private static final class Writer
      extends OneInputStreamOperatorTestHarness<RowData, CommittableMessage<StagedRows>> {
    Writer(CloudberrySink sink, MockEnvironment environment) throws Exception {
      super(new SinkWriterOperatorFactory<>(sink), environment);
    }
  }

  private static final class Aggregator
      extends OneInputStreamOperatorTestHarness<
          CommittableMessage<StagedRows>, CommittableMessage<CloudberryCommittable>> {
    Aggregator(SinkSettings settings, MockEnvironment environment) throws Exception {
      super(new CommitAggregator(settings), environment);
    }
  }

  private static final class Committer
      extends OneInputStreamOperatorTestHarness<
          CommittableMessage<CloudberryCommittable>, CommittableMessage<CloudberryCommittable>> {
    private final InterceptingOperatorMetricGroup metrics;

    Committer(
        CommitterOperatorFactory<CloudberryCommittable> factory,
        MockEnvironment environment,
        InterceptingOperatorMetricGroup metrics)
        throws Exception {
      super(factory, environment);
      this.metrics = metrics;
    }
  }
}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.CommittableSummary;
import org.apache.flink.streaming.api.connector.sink2.CommittableWithLineage;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.util.SimpleVersionedListState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Gathers what all writers staged for a checkpoint into one committable. There is one aggregator,
 * so there is one committable.
 *
 * <p>Its barrier comes when the barriers of all writers have come, and with it everything is handed
 * on to the committer, before the barrier. Its state is how far the job has read.
 */
final class CommitAggregator
    extends AbstractStreamOperator<CommittableMessage<CloudberryCommittable>>
    implements OneInputStreamOperator<
            CommittableMessage<StagedRows>, CommittableMessage<CloudberryCommittable>>,
        BoundedOneInput {

  private final SinkSettings settings;
  private final List<StagedRows> gathered = new ArrayList<>();
  private transient ListState<ReadSoFar> state;
  private transient ReadSoFar read;
  private transient StagingDirectory staging;
  private transient String jobId;
  private long latestCheckpoint;

  CommitAggregator(SinkSettings settings) {
    this.settings = settings;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        new SimpleVersionedListState<>(
            context
                .getOperatorStateStore()
                .getListState(
                    new ListStateDescriptor<>(
                        "read-so-far", BytePrimitiveArraySerializer.INSTANCE)),
            new ReadSoFarSerializer());
    read = new ReadSoFar();
    for (ReadSoFar restored : state.get()) {
      restored.next().forEach(read::advance);
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(read));
  }

  @Override
  public void open() throws Exception {
    super.open();
    jobId = getRuntimeContext().getJobInfo().getJobId().toHexString();
    staging = settings.stagingDirectory();
  }

  @Override
  public void processElement(StreamRecord<CommittableMessage<StagedRows>> element) {
    CommittableMessage<StagedRows> message = element.getValue();
    latestCheckpoint = Math.max(latestCheckpoint, message.getCheckpointId());
    if (message instanceof CommittableWithLineage<StagedRows> staged) {
      gathered.add(staged.getCommittable());
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    handOn(checkpointId);
  }

  /** The last rows have no barrier of their own; whichever checkpoint comes next completes them. */
  @Override
  public void endInput() throws Exception {
    handOn(latestCheckpoint);
  }

  private void handOn(long checkpointId) throws IOException {
    if (gathered.isEmpty()) {
      return;
    }
    requireNothingHeldBack();
    CloudberryCommittable committable = committable(checkpointId);
    if (!committable.files().isEmpty()) {
      staging.writeManifest(committable.commitId(), committable.files());
    }
    emit(new CommittableSummary<>(0, 1, checkpointId, 1, 0));
    emit(new CommittableWithLineage<>(committable, checkpointId, 0));
    gathered.clear();
  }

  private void requireNothingHeldBack() {
    if (settings.replays().repair()) {
      return;
    }
    try {
      read.advance(
          OffsetRange.merged(Stream.concat(spans().map(OffsetSpan::range), skipped()).toList()));
    } catch (IllegalStateException e) {
      // It would happen again after a restart.
      throw new SuppressRestartsException(e);
    }
  }

  private Stream<OffsetSpan> spans() {
    return gathered.stream().flatMap(rows -> rows.ranges().stream());
  }

  private Stream<OffsetRange> skipped() {
    return gathered.stream().flatMap(rows -> rows.skipped().stream());
  }

  private CloudberryCommittable committable(long checkpointId) {
    StagedTarget target = gathered.get(0).target();
    for (StagedRows rows : gathered) {
      if (!rows.target().equals(target)) {
        throw new IllegalStateException(
            "Table %s changed between the starts of two writers of one job. The job has to restart"
                .formatted(target.table()));
      }
    }
    return new CloudberryCommittable(
        commitId(),
        settings.sinkId(),
        jobId,
        Optional.of(settings.run()),
        settings.replays().repair(),
        checkpointId,
        Instant.now(),
        target,
        gathered.stream().flatMap(rows -> rows.data().stream()).toList(),
        gathered.stream().flatMap(rows -> rows.rejects().stream()).toList(),
        settings.replays().repair()
            ? OffsetRange.joined(spans().map(OffsetSpan::range).toList())
            : OffsetSpan.merged(spans().toList()),
        skipped().mapToLong(OffsetRange::rows).sum());
  }

  /**
   * Without checkpoints there is nothing to keep a random id in: a task that runs again has to find
   * the same one, or it would commit the only commit of the run twice.
   */
  private UUID commitId() {
    return settings.batch() ? settings.run() : UUID.randomUUID();
  }

  private void emit(CommittableMessage<CloudberryCommittable> message) {
    output.collect(new StreamRecord<>(message));
  }
}

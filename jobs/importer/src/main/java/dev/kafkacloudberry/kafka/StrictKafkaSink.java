package dev.kafkacloudberry.kafka;

import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.flink.table.data.RowData;

/**
 * Flink's Kafka sink, in which nothing is lost or retried for ever: a job that starts without its
 * topic, a row that can never be delivered and a transaction that Kafka has given up end the job
 * with the reason.
 *
 * <p>What a restart may mend, brokers that are away for a while say, stays with the job's restart
 * strategy.
 */
final class StrictKafkaSink
    implements TwoPhaseCommittingStatefulSink<RowData, KafkaWriterState, KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable>,
        LineageVertexProvider {

  private static final long serialVersionUID = 1L;

  private final KafkaSink<RowData> sink;
  private final ProducerTopics topics;

  StrictKafkaSink(KafkaSink<RowData> sink, ProducerTopics topics) {
    this.sink = sink;
    this.topics = topics;
  }

  /** A writer without a checkpoint to go on from. */
  @Override
  public PrecommittingStatefulSinkWriter<RowData, KafkaWriterState, KafkaCommittable> createWriter(
      WriterInitContext context) {
    topics.requireAll();
    return restoreWriter(context, List.of());
  }

  @Override
  public PrecommittingStatefulSinkWriter<RowData, KafkaWriterState, KafkaCommittable> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> recoveredState) {
    return new StrictKafkaWriter(
        sink.restoreWriter(new StrictWriterContext(context, topics), recoveredState), topics);
  }

  @Override
  public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
    return new StrictKafkaCommitter(sink.createCommitter(context), topics);
  }

  @Override
  public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
    return sink.getCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return sink.getWriterStateSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
    sink.addPostCommitTopology(committables);
  }

  @Override
  public LineageVertex getLineageVertex() {
    return sink.getLineageVertex();
  }
}

package dev.kafkacloudberry.kafka;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.table.data.RowData;

/** Flink's Kafka writer, in which a row that can never be delivered ends the job. */
@SuppressWarnings("try") // close() of the interface declares Exception
final class StrictKafkaWriter
    implements PrecommittingStatefulSinkWriter<RowData, KafkaWriterState, KafkaCommittable> {

  private final PrecommittingStatefulSinkWriter<RowData, KafkaWriterState, KafkaCommittable> writer;
  private final ProducerTopics topics;

  StrictKafkaWriter(
      PrecommittingStatefulSinkWriter<RowData, KafkaWriterState, KafkaCommittable> writer,
      ProducerTopics topics) {
    this.writer = writer;
    this.topics = topics;
  }

  @Override
  public void write(RowData row, Context context) throws IOException, InterruptedException {
    try {
      writer.write(row, context);
    } catch (IOException | RuntimeException e) {
      DeliveryFailure.endJobIfLasting(e, topics);
      throw e;
    }
  }

  @Override
  public void flush(boolean endOfInput) throws IOException, InterruptedException {
    try {
      writer.flush(endOfInput);
    } catch (IOException | RuntimeException e) {
      DeliveryFailure.endJobIfLasting(e, topics);
      throw e;
    }
  }

  @Override
  public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
    writer.writeWatermark(watermark);
  }

  @Override
  public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
    return writer.prepareCommit();
  }

  @Override
  public List<KafkaWriterState> snapshotState(long checkpointId) throws IOException {
    return writer.snapshotState(checkpointId);
  }

  @Override
  public void close() throws Exception {
    writer.close();
  }
}

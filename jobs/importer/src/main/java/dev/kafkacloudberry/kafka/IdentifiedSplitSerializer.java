package dev.kafkacloudberry.kafka;

import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Writes splits into checkpoints and savepoints, and reads those of Flink's Kafka table too. */
final class IdentifiedSplitSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {

  /** Far above those of Flink's own serializer, whose versions go on below. */
  private static final int VERSION = 100;

  private final KafkaPartitionSplitSerializer flinks = new KafkaPartitionSplitSerializer();

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(KafkaPartitionSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    out.writeUTF(split.getTopic());
    out.writeInt(split.getPartition());
    Uuid topicId = IdentifiedSplit.topicId(split);
    out.writeLong(topicId.getMostSignificantBits());
    out.writeLong(topicId.getLeastSignificantBits());
    out.writeLong(split.getStartingOffset());
    out.writeLong(split.getStoppingOffset().orElse(KafkaPartitionSplit.NO_STOPPING_OFFSET));
    return out.getCopyOfBuffer();
  }

  @Override
  public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
    if (version < VERSION) {
      return flinks.deserialize(version, bytes);
    }
    if (version > VERSION) {
      throw new IOException(
          "The state holds a Kafka partition of version %d; this build reads versions up to %d. Run the build that wrote it, or a newer one"
              .formatted(version, VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    TopicPartition partition = new TopicPartition(in.readUTF(), in.readInt());
    Uuid topicId = new Uuid(in.readLong(), in.readLong());
    return new IdentifiedSplit(partition, topicId, in.readLong(), in.readLong());
  }
}

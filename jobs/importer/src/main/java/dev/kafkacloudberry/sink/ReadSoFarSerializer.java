package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Writes how far a job has read into checkpoints and savepoints. A version that was ever released
 * stays readable.
 */
final class ReadSoFarSerializer implements SimpleVersionedSerializer<ReadSoFar> {

  private static final int VERSION = 1;

  /** Tells foreign bytes from ours before anything is made of them. */
  private static final int MAGIC = 0x4b32_4352; // K2CR

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ReadSoFar read) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(256);
    out.writeInt(MAGIC);
    out.writeInt(read.next().size());
    for (Map.Entry<ReadSoFar.Partition, Long> entry : read.next().entrySet()) {
      ReadSoFar.Partition partition = entry.getKey();
      out.writeUTF(partition.topic());
      out.writeUTF(partition.topicId().orElse(""));
      out.writeInt(partition.partition());
      out.writeLong(entry.getValue());
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ReadSoFar deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The state holds read offsets of version %d; this build reads version %d. Run the build that wrote it, or a newer one"
              .formatted(version, VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    if (in.readInt() != MAGIC) {
      throw new IOException("The state does not hold the read offsets of a cloudberry sink");
    }
    ReadSoFar read = new ReadSoFar();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String topic = in.readUTF();
      String id = in.readUTF();
      Optional<String> topicId = id.isEmpty() ? Optional.empty() : Optional.of(id);
      read.advance(new ReadSoFar.Partition(topic, topicId, in.readInt()), in.readLong());
    }
    return read;
  }
}

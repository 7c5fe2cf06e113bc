package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Writes committables into checkpoints and savepoints. A version that was ever released stays
 * readable; a new field means a new version.
 */
final class CloudberryCommittableSerializer
    implements SimpleVersionedSerializer<CloudberryCommittable> {

  private static final int VERSION = 1;

  /** Tells foreign bytes from ours before anything is made of them. */
  private static final int MAGIC = 0x4b32_4342; // K2CB

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(CloudberryCommittable committable) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(512);
    out.writeInt(MAGIC);
    out.writeLong(committable.commitId().getMostSignificantBits());
    out.writeLong(committable.commitId().getLeastSignificantBits());
    out.writeUTF(committable.sinkId());
    out.writeUTF(committable.jobId());
    out.writeLong(committable.checkpointId());
    out.writeLong(committable.stagedAt().toEpochMilli());
    StagedRowsFields.writeTarget(committable.target(), out);
    out.writeInt(committable.files().size());
    for (StagedFile file : committable.files()) {
      StagedRowsFields.writeFile(file, out);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public CloudberryCommittable deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The state holds a commit of version %d; this build reads version %d. Run the build that wrote it, or a newer one"
              .formatted(version, VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    if (in.readInt() != MAGIC) {
      throw new IOException("The state does not hold a commit of a cloudberry sink");
    }
    return deserializeV1(in);
  }

  private static CloudberryCommittable deserializeV1(DataInputDeserializer in) throws IOException {
    UUID commitId = new UUID(in.readLong(), in.readLong());
    String sinkId = in.readUTF();
    String jobId = in.readUTF();
    long checkpointId = in.readLong();
    Instant stagedAt = Instant.ofEpochMilli(in.readLong());
    StagedTarget target = StagedRowsFields.readTarget(in);
    int count = in.readInt();
    List<StagedFile> files = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      files.add(StagedRowsFields.readFile(in));
    }
    return new CloudberryCommittable(
        commitId, sinkId, jobId, checkpointId, stagedAt, target, files);
  }
}

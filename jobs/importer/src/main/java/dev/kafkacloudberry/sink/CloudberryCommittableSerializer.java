package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

  private static final int VERSION = 2;

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
    StagedRowsFields.writeList(committable.data(), StagedRowsFields::writeData, out);
    StagedRowsFields.writeList(committable.rejects(), StagedRowsFields::writeFile, out);
    StagedRowsFields.writeList(committable.ranges(), StagedRowsFields::writeRange, out);
    out.writeLong(committable.skipped());
    StagedRowsFields.writeOptional(committable.run(), StagedRowsFields::writeId, out);
    out.writeBoolean(committable.repair());
    return out.getCopyOfBuffer();
  }

  @Override
  public CloudberryCommittable deserialize(int version, byte[] bytes) throws IOException {
    if (version < 1 || version > VERSION) {
      throw new IOException(
          "The state holds a commit of version %d; this build reads versions 1 to %d. Run the build that wrote it, or a newer one"
              .formatted(version, VERSION));
    }
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    if (in.readInt() != MAGIC) {
      throw new IOException("The state does not hold a commit of a cloudberry sink");
    }
    UUID commitId = new UUID(in.readLong(), in.readLong());
    String sinkId = in.readUTF();
    String jobId = in.readUTF();
    long checkpointId = in.readLong();
    Instant stagedAt = Instant.ofEpochMilli(in.readLong());
    StagedTarget target = StagedRowsFields.readTarget(in);
    return version == 1
        ? readV1(commitId, sinkId, jobId, checkpointId, stagedAt, target, in)
        : readV2(commitId, sinkId, jobId, checkpointId, stagedAt, target, in);
  }

  /** Rows only, whose places in Kafka were not known. */
  private static CloudberryCommittable readV1(
      UUID commitId,
      String sinkId,
      String jobId,
      long checkpointId,
      Instant stagedAt,
      StagedTarget target,
      DataInputDeserializer in)
      throws IOException {
    List<DataFile> data =
        StagedRowsFields.readList(StagedRowsFields::readFile, in).stream()
            .map(file -> new DataFile(file, Optional.empty()))
            .toList();
    return new CloudberryCommittable(
        commitId,
        sinkId,
        jobId,
        Optional.empty(),
        false,
        checkpointId,
        stagedAt,
        target,
        data,
        List.of(),
        List.of(),
        0);
  }

  private static CloudberryCommittable readV2(
      UUID commitId,
      String sinkId,
      String jobId,
      long checkpointId,
      Instant stagedAt,
      StagedTarget target,
      DataInputDeserializer in)
      throws IOException {
    List<DataFile> data = StagedRowsFields.readList(StagedRowsFields::readData, in);
    List<StagedFile> rejects = StagedRowsFields.readList(StagedRowsFields::readFile, in);
    List<OffsetRange> ranges = StagedRowsFields.readList(StagedRowsFields::readRange, in);
    long skipped = in.readLong();
    Optional<UUID> run = StagedRowsFields.readOptional(StagedRowsFields::readId, in);
    return new CloudberryCommittable(
        commitId,
        sinkId,
        jobId,
        run,
        in.readBoolean(),
        checkpointId,
        stagedAt,
        target,
        data,
        rejects,
        ranges,
        skipped);
  }
}

package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CloudberryCommittableSerializerTest {

  private static final StagedFile ROWS = new StagedFile("file:/s/0-a-0.rows", 3, 77, 0xcafebabe);

  /** As version 1 had it. */
  private static final CloudberryCommittable ROWS_ONLY =
      committable(
          Optional.empty(),
          false,
          List.of(new DataFile(ROWS, Optional.empty())),
          List.of(),
          List.of(),
          0);

  private static final CloudberryCommittable EVERYTHING =
      committable(
          Optional.of(UUID.fromString("fedcba98-7654-3210-fedc-ba9876543210")),
          true,
          List.of(new DataFile(ROWS, Optional.of(new StagedFile("file:/s/0-a-0.places", 3, 9, 1)))),
          List.of(new StagedFile("file:/s/0-a-0.rejects", 2, 65, 2)),
          List.of(
              new OffsetRange("t", Optional.empty(), 7, 40, 50, 3, 2),
              new OffsetRange("u", Optional.of("id"), 0, 0, 1, 0, 0)),
          5);

  private static CloudberryCommittable committable(
      Optional<UUID> run,
      boolean repair,
      List<DataFile> data,
      List<StagedFile> rejects,
      List<OffsetRange> ranges,
      long skipped) {
    return new CloudberryCommittable(
        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
        "sink-ü",
        "job",
        run,
        repair,
        42,
        Instant.ofEpochMilli(1_700_000_000_000L),
        new StagedTarget(
            new TableName("Sales", "orders"),
            List.of(new Load.Column("id", "bigint"), new Load.Column("Item", "text")),
            CopyFormat.BINARY),
        data,
        rejects,
        ranges,
        skipped);
  }

  /** Savepoints in the field hold these bytes. They never change: a new layout is a new version. */
  private static final String COMMON =
      "4b324342" // magic
          + "0123456789abcdef0123456789abcdef" // commit id
          + "000773696e6b2dc3bc" // sink id
          + "00036a6f62" // job
          + "000000000000002a" // checkpoint
          + "0000018bcfe56800" // staged at
          + "000553616c6573" // schema
          + "00066f7264657273" // table
          + "000642494e415259" // format
          + "00000002" // columns
          + "000269640006626967696e74" // id
          + "00044974656d000474657874" // Item
          + "00000001" // files
          + "001266696c653a2f732f302d612d302e726f7773" // path
          + "0000000000000003" // rows
          + "000000000000004d" // bytes
          + "cafebabe"; // crc32c

  private static final String VERSION_1 = COMMON;

  private static final String VERSION_2 =
      COMMON
          + "01" // places
          + "001466696c653a2f732f302d612d302e706c61636573" // path
          + "0000000000000003" // rows
          + "0000000000000009" // bytes
          + "00000001" // crc32c
          + "00000001" // files of rejects
          + "001566696c653a2f732f302d612d302e72656a65637473" // path
          + "0000000000000002" // rejects
          + "0000000000000041" // bytes
          + "00000002" // crc32c
          + "00000002" // ranges
          + "000174" // topic
          + "00" // no topic id
          + "00000007" // partition
          + "0000000000000028" // from
          + "0000000000000032" // to
          + "0000000000000003" // rows
          + "0000000000000002" // rejected
          + "000175" // topic
          + "0100026964" // topic id
          + "00000000" // partition
          + "0000000000000000" // from
          + "0000000000000001" // to
          + "0000000000000000" // rows
          + "0000000000000000" // rejected
          + "0000000000000005" // skipped
          + "01fedcba9876543210fedcba9876543210" // run
          + "01"; // repair

  private final CloudberryCommittableSerializer serializer = new CloudberryCommittableSerializer();

  @Test
  void everythingComesBack() throws IOException {
    for (CloudberryCommittable committable : List.of(ROWS_ONLY, EVERYTHING)) {
      assertThat(serializer.deserialize(2, serializer.serialize(committable)))
          .isEqualTo(committable);
    }
  }

  @Test
  void theBytesOfVersion1AreReadAsEver() throws IOException {
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(VERSION_1))).isEqualTo(ROWS_ONLY);
  }

  @Test
  void theBytesOfVersion2AreWrittenAsEver() throws IOException {
    assertThat(serializer.getVersion()).isEqualTo(2);
    assertThat(HexFormat.of().formatHex(serializer.serialize(EVERYTHING))).isEqualTo(VERSION_2);
  }

  @Test
  void theBytesOfVersion2AreReadAsEver() throws IOException {
    assertThat(serializer.deserialize(2, HexFormat.of().parseHex(VERSION_2))).isEqualTo(EVERYTHING);
  }

  @Test
  void anUnknownVersionIsRefusedNamingBoth() throws IOException {
    byte[] bytes = serializer.serialize(EVERYTHING);

    assertThatThrownBy(() -> serializer.deserialize(3, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a commit of version 3; this build reads versions 1 to 2");
  }

  @Test
  void bytesOfAnotherSinkAreRefused() {
    assertThatThrownBy(() -> serializer.deserialize(2, new byte[64]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not hold a commit of a cloudberry sink");
  }
}

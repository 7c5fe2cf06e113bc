package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CloudberryCommittableSerializerTest {

  private static final CloudberryCommittable COMMITTABLE =
      new CloudberryCommittable(
          UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
          "sink-ü",
          "job",
          42,
          Instant.ofEpochMilli(1_700_000_000_000L),
          new StagedTarget(
              new TableName("Sales", "orders"),
              List.of(new Load.Column("id", "bigint"), new Load.Column("Item", "text")),
              CopyFormat.BINARY),
          List.of(new StagedFile("file:/s/0-a-0.rows", 3, 77, 0xcafebabe)));

  /** Savepoints in the field hold these bytes. They never change: a new layout is a new version. */
  private static final String VERSION_1 =
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

  private final CloudberryCommittableSerializer serializer = new CloudberryCommittableSerializer();

  @Test
  void everythingComesBack() throws IOException {
    assertThat(serializer.deserialize(1, serializer.serialize(COMMITTABLE))).isEqualTo(COMMITTABLE);
  }

  @Test
  void theBytesOfVersion1AreWrittenAsEver() throws IOException {
    assertThat(serializer.getVersion()).isEqualTo(1);
    assertThat(HexFormat.of().formatHex(serializer.serialize(COMMITTABLE))).isEqualTo(VERSION_1);
  }

  @Test
  void theBytesOfVersion1AreReadAsEver() throws IOException {
    assertThat(serializer.deserialize(1, HexFormat.of().parseHex(VERSION_1)))
        .isEqualTo(COMMITTABLE);
  }

  @Test
  void anUnknownVersionIsRefusedNamingBoth() throws IOException {
    byte[] bytes = serializer.serialize(COMMITTABLE);

    assertThatThrownBy(() -> serializer.deserialize(2, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a commit of version 2; this build reads version 1");
  }

  @Test
  void bytesOfAnotherSinkAreRefused() {
    assertThatThrownBy(() -> serializer.deserialize(1, new byte[64]))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not hold a commit of a cloudberry sink");
  }
}

package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Reject;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.assertj.core.api.RecursiveComparisonAssert;
import org.junit.jupiter.api.Test;

class RejectsEncodingTest {

  private static final Reject JUNK =
      new Reject(
          Optional.of(new Place("orders", 3, 17)),
          Optional.of(new byte[] {0, -1}),
          Optional.empty(),
          "no row",
          Optional.empty(),
          Optional.empty());

  private static final Reject REFUSED =
      new Reject(
          Optional.of(new Place("t", 0, 1)),
          Optional.empty(),
          Optional.of("{\"n\":1}"),
          "ü",
          Optional.empty(),
          Optional.of("23505"));

  private static final Reject OF_KIND =
      Reject.ofRow(Optional.of(new Place("t", 0, 1)), "{}", "error", "kind");

  /** Nothing but what it has to have; and empty is not missing. */
  private static final List<Reject> BARE =
      List.of(
          Reject.ofMessage(Optional.empty(), Optional.empty(), ""),
          new Reject(
              Optional.empty(),
              Optional.of(new byte[0]),
              Optional.of(""),
              "x".repeat(100_000),
              Optional.of(""),
              Optional.of("")));

  /** Checkpoints name files of these bytes. */
  private static final String VERSION_1 =
      "4b32524a" // magic
          + "01" // version
          + "03" // with a place and a message
          + "000000066f7264657273" // topic
          + "00000003" // partition
          + "0000000000000011" // offset
          + "0000000200ff" // message
          + "000000066e6f20726f77" // error
          + "0d" // with a place, a content and an SQLSTATE
          + "0000000174" // topic
          + "00000000" // partition
          + "0000000000000001" // offset
          + "000000077b226e223a317d" // content
          + "00000002c3bc" // error
          + "000000053233353035"; // SQLSTATE

  private static final String VERSION_2 =
      "4b32524a" // magic
          + "02" // version
          + "15" // with a place, a content and a kind
          + "0000000174" // topic
          + "00000000" // partition
          + "0000000000000001" // offset
          + "000000027b7d" // content
          + "000000056572726f72" // error
          + "000000046b696e64"; // kind

  @Test
  void theBytesOfVersion2AreWrittenAndReadAsEver() throws IOException {
    assertThat(HexFormat.of().formatHex(written(List.of(OF_KIND)))).isEqualTo(VERSION_2);
    assertRead(HexFormat.of().parseHex(VERSION_2)).isEqualTo(List.of(OF_KIND));
  }

  @Test
  void theBytesOfVersion1AreReadAsEver() throws IOException {
    assertRead(HexFormat.of().parseHex(VERSION_1)).isEqualTo(List.of(JUNK, REFUSED));
  }

  @Test
  void whatIsMissingStaysMissingAndWhatIsEmptyStaysEmpty() throws IOException {
    assertRead(written(BARE)).isEqualTo(BARE);
  }

  @Test
  void aFileThatIsCutOrForeignIsRefused() {
    byte[] cut = HexFormat.of().parseHex(VERSION_1.substring(0, VERSION_1.length() - 2));
    assertThatThrownBy(() -> read(cut)).isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> read(HexFormat.of().parseHex("4b32524a03")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no file of rejects that this build reads (version 3)");
  }

  private static byte[] written(List<Reject> rejects) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    RejectsEncoding.writeHeader(out);
    for (Reject reject : rejects) {
      RejectsEncoding.write(reject, out);
    }
    return out.getCopyOfBuffer();
  }

  private static List<Reject> read(byte[] bytes) throws IOException {
    List<Reject> rejects = new ArrayList<>();
    RejectsEncoding.read(new ByteArrayInputStream(bytes), rejects::add);
    return rejects;
  }

  /** Records compare their arrays by identity. */
  private static RecursiveComparisonAssert<?> assertRead(byte[] bytes) throws IOException {
    return assertThat(read(bytes)).usingRecursiveComparison();
  }
}

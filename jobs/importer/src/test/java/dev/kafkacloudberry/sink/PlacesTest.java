package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.Place;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

/** What is written of the places of rows is what is read. */
class PlacesTest {

  private final RowPlace place =
      new RowPlace(
          new MetadataPositions(
              Map.of(
                  RowMetadata.TOPIC, 0,
                  RowMetadata.PARTITION, 1,
                  RowMetadata.OFFSET, 2)));
  private final DataOutputSerializer out = new DataOutputSerializer(64);
  private final PlacesEncoder encoder = new PlacesEncoder(out);

  @Test
  void consecutiveOffsetsOfAPartitionAreOneRun() throws IOException {
    encoder.begin();
    addAll("a", 3, 100, 101, 102, 104, 104, 103);
    encoder.endRun();

    assertThat(runs())
        .containsExactly(
            run("a", 3, 100, 3), run("a", 3, 104, 1), run("a", 3, 104, 1), run("a", 3, 103, 1));
  }

  @Test
  void rowsOfSeveralPartitionsAndTopicsAndOfNone() throws IOException {
    encoder.begin();
    addAll("a", 0, 5, 6);
    addAll("a", 1, 7);
    addNowhere();
    addNowhere();
    addAll("a", 1, 8);
    addAll("b", 1, 9);
    addAll("a", 1, 10);
    encoder.endRun();

    assertThat(runs())
        .containsExactly(
            run("a", 0, 5, 2),
            run("a", 1, 7, 1),
            new PlaceRun(Optional.empty(), 2),
            run("a", 1, 8, 1),
            run("b", 1, 9, 1),
            run("a", 1, 10, 1));
  }

  @Test
  void theExtremes() throws IOException {
    encoder.begin();
    addAll("a", Integer.MAX_VALUE, Long.MAX_VALUE);
    addAll("", -1, 0);
    addAll("ü", Integer.MIN_VALUE, Long.MIN_VALUE);
    encoder.endRun();

    assertThat(runs())
        .containsExactly(
            run("a", Integer.MAX_VALUE, Long.MAX_VALUE, 1),
            run("", -1, 0, 1),
            run("ü", Integer.MIN_VALUE, Long.MIN_VALUE, 1));
  }

  @Test
  void aFileBeginsAnew() throws IOException {
    encoder.begin();
    addAll("a", 3, 100);
    encoder.endRun();
    out.clear();
    encoder.begin();
    addAll("a", 3, 101);
    encoder.endRun();

    assertThat(runs()).containsExactly(run("a", 3, 101, 1));
  }

  @Test
  void whateverIsAddedComesBack() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Optional<Place>> added = new ArrayList<>();
    encoder.begin();
    long offset = 0;
    for (int i = 0; i < 10_000; i++) {
      offset += random.nextInt(4) == 0 ? random.nextInt(2000) - 1000 : 1;
      if (random.nextInt(50) == 0) {
        addNowhere();
        added.add(Optional.empty());
      } else {
        Place one = new Place("t" + random.nextInt(2), random.nextInt(3) / 2, offset);
        addAll(one.topic(), one.partition(), one.offset());
        added.add(Optional.of(one));
      }
    }
    encoder.endRun();

    List<Optional<Place>> read = new ArrayList<>();
    for (PlaceRun run : runs()) {
      for (long i = 0; i < run.count(); i++) {
        read.add(run.at(i));
      }
    }
    assertThat(read).as("seed %d", seed).isEqualTo(added);
  }

  /** Checkpoints name files of these bytes. */
  @Test
  void theBytesOfVersion1AreWrittenAsEver() throws IOException {
    encoder.begin();
    addAll("orders", 300, 1000, 1001);
    addAll("orders", 300, 1000);
    addNowhere();
    addAll("orders", 0, 1001);
    encoder.endRun();

    assertThat(HexFormat.of().formatHex(out.getCopyOfBuffer()))
        .isEqualTo(
            "4b32504c" // magic
                + "01" // version
                + "09" // 2 rows of another partition
                + "00"
                + "00066f7264657273" // topic 0, orders
                + "ac02" // partition 300
                + "d00f" // 1000 behind 0
                + "04" // 1 row of the same partition
                + "03" // 2 before 1002
                + "06" // 1 row without a place
                + "05" // 1 row of another partition
                + "00" // topic 0
                + "00" // partition 0
                + "00"); // follows 1000
  }

  @Test
  void foreignBytesAndOtherVersionsAreRefused() {
    assertThatThrownBy(() -> new PlacesReader(new ByteArrayInputStream(new byte[8])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no file of places");
    byte[] version2 = HexFormat.of().parseHex("4b32504c02");
    assertThatThrownBy(() -> new PlacesReader(new ByteArrayInputStream(version2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 2");
  }

  private void addAll(String topic, int partition, long... offsets) throws IOException {
    for (long offset : offsets) {
      place.moveTo(GenericRowData.of(StringData.fromString(topic), partition, offset));
      encoder.add(place);
    }
  }

  private void addNowhere() throws IOException {
    place.moveTo(GenericRowData.of(StringData.fromString("a"), null, 1L));
    encoder.add(place);
  }

  private static PlaceRun run(String topic, int partition, long first, long count) {
    return new PlaceRun(Optional.of(new Place(topic, partition, first)), count);
  }

  private List<PlaceRun> runs() throws IOException {
    List<PlaceRun> runs = new ArrayList<>();
    try (PlacesReader reader = new PlacesReader(new ByteArrayInputStream(out.getCopyOfBuffer()))) {
      for (Optional<PlaceRun> run = reader.next(); run.isPresent(); run = reader.next()) {
        runs.add(run.get());
      }
    }
    return runs;
  }
}

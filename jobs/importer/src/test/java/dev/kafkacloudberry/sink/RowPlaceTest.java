package dev.kafkacloudberry.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.Place;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

class RowPlaceTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final RowPlace place =
      new RowPlace(
          new MetadataPositions(
              Map.of(
                  RowMetadata.TOPIC, 0,
                  RowMetadata.PARTITION, 1,
                  RowMetadata.OFFSET, 2)));

  @Test
  void aPlaceIsKnownWhenAllOfItIs() {
    StringData topic = StringData.fromString("a");
    place.moveTo(GenericRowData.of(topic, 1, 2L));
    assertThat(place.asPlace()).contains(new Place("a", 1, 2));

    for (GenericRowData row :
        new GenericRowData[] {
          GenericRowData.of(null, 1, 2L),
          GenericRowData.of(topic, null, 2L),
          GenericRowData.of(topic, 1, null)
        }) {
      place.moveTo(row);
      assertThat(place.isKnown()).isFalse();
      assertThat(place.asPlace()).isEmpty();
    }
  }

  @Test
  void whereNoPlaceIsGivenRowsHaveNone() {
    RowPlace none = new RowPlace(new MetadataPositions(Map.of()));

    none.moveTo(GenericRowData.of(StringData.fromString("a"), 1, 2L));

    assertThat(none.isGiven()).isFalse();
    assertThat(none.isKnown()).isFalse();
  }

  /** The bytes of a row that came over the network are those of the next one later. */
  @Test
  void aTopicOutlivesTheBytesItCameIn() {
    byte[] reused = "abc".getBytes(UTF_8);
    place.moveTo(GenericRowData.of(StringData.fromBytes(reused), 1, 2L));
    String first = place.topic();

    reused[0] = 'x';
    place.moveTo(GenericRowData.of(StringData.fromBytes(reused), 1, 2L));
    assertThat(place.topic()).isEqualTo("xbc");

    reused[0] = 'a';
    place.moveTo(GenericRowData.of(StringData.fromBytes(reused), 1, 2L));
    assertThat(place.topic()).isSameAs(first);
    place.moveTo(GenericRowData.of(StringData.fromString("abc"), 1, 2L));
    assertThat(place.topic()).isSameAs(first).isEqualTo("abc");
  }

  @Test
  void spansReachFromTheFirstToBehindTheLast() {
    OffsetSpans spans = new OffsetSpans();
    at("b", 0, 7);
    spans.addLoaded(place, 0);
    at("a", 1, 5);
    spans.addRejected(place, 0);
    at("a", 0, 9);
    spans.addLoaded(place, 0);
    at("a", 1, 3);
    spans.addLoaded(place, 0);
    place.moveTo(GenericRowData.of(null, 1, 100L));
    spans.addLoaded(place, 0);
    spans.addRejected(place, 0);

    assertThat(OffsetSpan.merged(spans.take()))
        .containsExactly(
            new OffsetRange("a", Optional.empty(), 0, 9, 10, 1, 0),
            new OffsetRange("a", Optional.empty(), 1, 3, 6, 1, 1),
            new OffsetRange("b", Optional.empty(), 0, 7, 8, 1, 0));
    assertThat(OffsetSpan.merged(spans.take())).isEmpty();

    at("a", 1, 8);
    spans.addLoaded(place, 0);
    assertThat(OffsetSpan.merged(spans.take()))
        .containsExactly(new OffsetRange("a", Optional.empty(), 1, 8, 9, 1, 0));
  }

  private void at(String topic, int partition, long offset) {
    place.moveTo(GenericRowData.of(StringData.fromString(topic), partition, offset));
  }

  @Test
  void followingRowsAllocatesNothingPerRow() throws IOException {
    List<RowData> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      StringData topic =
          i < 10_000
              ? StringData.fromString("orders")
              : StringData.fromBytes(("orders" + i % 2).getBytes(UTF_8));
      rows.add(GenericRowData.of(topic, i % 7, (long) i));
    }
    OffsetSpans spans = new OffsetSpans();
    DataOutputSerializer out = new DataOutputSerializer(1 << 20);
    PlacesEncoder places = new PlacesEncoder(out);
    places.begin();
    follow(rows, spans, places);

    long before = THREADS.getCurrentThreadAllocatedBytes();
    out.clear();
    follow(rows, spans, places);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat((double) allocated / rows.size()).as("bytes per row").isLessThan(1);
  }

  private void follow(List<RowData> rows, OffsetSpans spans, PlacesEncoder places)
      throws IOException {
    for (RowData row : rows) {
      place.moveTo(row);
      spans.addLoaded(place, 0);
      places.add(place);
    }
  }
}

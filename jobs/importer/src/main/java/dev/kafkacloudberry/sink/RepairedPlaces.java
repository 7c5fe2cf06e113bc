package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The places of a repair's rows, without any offset between them that has no row. */
final class RepairedPlaces {

  private final List<OffsetSpan> taken = new ArrayList<>();
  private String topic;
  private int partition;
  private long from;
  private long to;
  private long rows;

  void add(RowPlace place) {
    boolean follows =
        place.topic().equals(topic)
            && place.partition() == partition
            && (place.offset() == to || place.offset() == to - 1);
    if (!follows) {
      endRange();
      topic = place.topic();
      partition = place.partition();
      from = place.offset();
    }
    to = place.offset() + 1;
    rows++;
  }

  private void endRange() {
    if (rows > 0) {
      taken.add(
          new OffsetSpan(
              new OffsetRange(topic, Optional.empty(), partition, from, to, rows, 0), 0));
    }
    topic = null;
    rows = 0;
  }

  /** Returns them, and begins anew. */
  List<OffsetSpan> take() {
    endRange();
    List<OffsetSpan> all = List.copyOf(taken);
    taken.clear();
    return all;
  }
}

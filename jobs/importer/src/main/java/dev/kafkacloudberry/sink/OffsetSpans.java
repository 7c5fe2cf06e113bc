package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which offsets the rows of a checkpoint cover, and how many rows of them go which way. */
final class OffsetSpans {

  private final Map<String, Map<Integer, Span>> topics = new TreeMap<>();
  private String topic;
  private int partition;
  private Span current;

  void addLoaded(RowPlace place) {
    if (place.isKnown()) {
      at(place).rows++;
    }
  }

  void addRejected(RowPlace place) {
    if (place.isKnown()) {
      at(place).rejected++;
    }
  }

  private Span at(RowPlace place) {
    if (current == null || place.partition() != partition || !place.topic().equals(topic)) {
      topic = place.topic();
      partition = place.partition();
      current =
          topics
              .computeIfAbsent(topic, t -> new TreeMap<>())
              .computeIfAbsent(partition, p -> new Span());
    }
    current.from = Math.min(current.from, place.offset());
    current.to = Math.max(current.to, place.offset() + 1);
    return current;
  }

  /** Returns them, and begins anew. */
  List<OffsetRange> take() {
    List<OffsetRange> taken = new ArrayList<>();
    topics.forEach(
        (name, partitions) ->
            partitions.forEach(
                (number, span) ->
                    taken.add(
                        new OffsetRange(
                            name,
                            Optional.empty(),
                            number,
                            span.from,
                            span.to,
                            span.rows,
                            span.rejected))));
    topics.clear();
    current = null;
    return taken;
  }

  private static final class Span {
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private long rows;
    private long rejected;
  }
}

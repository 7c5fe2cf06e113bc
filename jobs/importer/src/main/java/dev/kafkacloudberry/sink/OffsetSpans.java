package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which offsets the rows of a checkpoint cover, and how many rows of them go which way. */
final class OffsetSpans {

  private final Map<String, Map<Integer, Partition>> topics = new TreeMap<>();
  private String topic;
  private int number;
  private Partition current;

  /**
   * @param gap as {@link OffsetSpan} says
   */
  void addLoaded(RowPlace place, long gap) {
    if (place.isKnown()) {
      at(place, gap).rows++;
    }
  }

  /**
   * @param gap as {@link OffsetSpan} says
   */
  void addRejected(RowPlace place, long gap) {
    if (place.isKnown()) {
      at(place, gap).rejected++;
    }
  }

  private Span at(RowPlace place, long gap) {
    if (current == null || place.partition() != number || !place.topic().equals(topic)) {
      topic = place.topic();
      number = place.partition();
      current =
          topics
              .computeIfAbsent(topic, t -> new TreeMap<>())
              .computeIfAbsent(number, p -> new Partition());
    }
    Span span = current.in(gap);
    span.from = Math.min(span.from, place.offset());
    span.to = Math.max(span.to, place.offset() + 1);
    return span;
  }

  /** Returns them, and begins anew. */
  List<OffsetSpan> take() {
    List<OffsetSpan> taken = new ArrayList<>();
    topics.forEach(
        (name, partitions) ->
            partitions.forEach(
                (partition, ofPartition) ->
                    ofPartition.spans.forEach(
                        (gap, span) -> taken.add(span.taken(name, partition, gap)))));
    topics.clear();
    current = null;
    return taken;
  }

  private static final class Partition {
    private final Map<Long, Span> spans = new TreeMap<>();
    private Span latest;
    private long gapOfLatest;

    Span in(long gap) {
      if (latest == null || gap != gapOfLatest) {
        latest = spans.computeIfAbsent(gap, g -> new Span());
        gapOfLatest = gap;
      }
      return latest;
    }
  }

  private static final class Span {
    private long from = Long.MAX_VALUE;
    private long to = Long.MIN_VALUE;
    private long rows;
    private long rejected;

    OffsetSpan taken(String topic, int partition, long gap) {
      return new OffsetSpan(
          new OffsetRange(topic, Optional.empty(), partition, from, to, rows, rejected), gap);
    }
  }
}

package dev.kafkacloudberry.sink;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Offsets of the partitions of one topic. It is asked for each row, and allocates nothing then. */
final class PartitionOffsets {

  private static final long[] NONE = {};

  /** For each partition the ranges, ascending and apart: from, to (exclusive), from, to. */
  private final long[][] bounds;

  private PartitionOffsets(long[][] bounds) {
    this.bounds = bounds;
  }

  /** Offsets of a partition, the last one exclusive. */
  record Range(int partition, long from, long to) {}

  /** The union of the ranges, in any order. */
  static PartitionOffsets of(List<Range> ranges) {
    long[][] bounds = new long[ranges.stream().mapToInt(Range::partition).max().orElse(-1) + 1][];
    Arrays.fill(bounds, NONE);
    ranges.stream()
        .filter(range -> range.from() < range.to())
        .collect(Collectors.groupingBy(Range::partition))
        .forEach((partition, ofPartition) -> bounds[partition] = joined(ofPartition));
    return new PartitionOffsets(bounds);
  }

  private static long[] joined(List<Range> ranges) {
    TreeMap<Long, Long> joined = new TreeMap<>();
    ranges.stream()
        .sorted(Comparator.comparingLong(Range::from))
        .forEach(
            range -> {
              Map.Entry<Long, Long> last = joined.lastEntry();
              if (last != null && range.from() <= last.getValue()) {
                joined.put(last.getKey(), Math.max(last.getValue(), range.to()));
              } else {
                joined.put(range.from(), range.to());
              }
            });
    return joined.entrySet().stream()
        .flatMapToLong(range -> LongStream.of(range.getKey(), range.getValue()))
        .toArray();
  }

  boolean contains(int partition, long offset) {
    if (partition < 0 || partition >= bounds.length) {
      return false;
    }
    long[] ranges = bounds[partition];
    if (ranges.length == 0 || offset >= ranges[ranges.length - 1]) {
      return false;
    }
    int at = Arrays.binarySearch(ranges, offset);
    // A bound that is met: the first of a range is in it, the end is not. Else what is between.
    return at >= 0 ? at % 2 == 0 : -at % 2 == 0;
  }

  /** Where the offsets that are not held begin among which one lies that is not held itself. */
  long gapOf(int partition, long offset) {
    if (partition < 0 || partition >= bounds.length) {
      return 0;
    }
    long[] ranges = bounds[partition];
    int at = Arrays.binarySearch(ranges, offset);
    int end = at >= 0 ? at : -at - 2;
    return end < 0 ? 0 : ranges[end];
  }

  boolean isEmpty() {
    return Arrays.stream(bounds).allMatch(ranges -> ranges.length == 0);
  }

  /** For logs: how far each partition is covered. */
  @Override
  public String toString() {
    return IntStream.range(0, bounds.length)
        .filter(partition -> bounds[partition].length > 0)
        .mapToObj(
            partition ->
                "partition %d from %d up to %d"
                    .formatted(
                        partition,
                        bounds[partition][0],
                        bounds[partition][bounds[partition].length - 1]))
        .collect(Collectors.joining(", "));
  }
}

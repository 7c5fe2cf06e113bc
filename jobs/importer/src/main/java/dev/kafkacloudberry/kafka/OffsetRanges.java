package dev.kafkacloudberry.kafka;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * A set of offsets.
 *
 * @param ranges not empty, disjoint, not adjacent, ascending
 */
record OffsetRanges(List<Range> ranges) implements Serializable {

  static final OffsetRanges NONE = new OffsetRanges(List.of());
  static final OffsetRanges ALL = of(0, Range.UNBOUNDED);

  /**
   * Offsets that follow each other.
   *
   * @param from the first offset
   * @param to the offset behind the last, or {@link #UNBOUNDED}
   */
  record Range(long from, long to) implements Serializable {

    /** No message has this offset. */
    static final long UNBOUNDED = Long.MAX_VALUE;

    boolean contains(long offset) {
      return offset >= from && offset < to;
    }

    boolean isBounded() {
      return to != UNBOUNDED;
    }

    @Override
    public String toString() {
      return "[%d, %s)".formatted(from, isBounded() ? Long.toString(to) : "∞");
    }
  }

  OffsetRanges {
    ranges = List.copyOf(ranges);
  }

  /** From an offset, at least 0, to another, exclusive. */
  static OffsetRanges of(long from, long to) {
    long first = Math.max(from, 0);
    return first < to ? new OffsetRanges(List.of(new Range(first, to))) : NONE;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** From the first offset to the last, with what lies between. Fails if there is none. */
  Range hull() {
    return new Range(ranges.get(0).from(), ranges.get(ranges.size() - 1).to());
  }

  /** The range that an offset is in, if there is one. */
  Optional<Range> rangeOf(long offset) {
    int range = rangeEndingBehind(offset);
    return range < ranges.size() && ranges.get(range).contains(offset)
        ? Optional.of(ranges.get(range))
        : Optional.empty();
  }

  /** The first offset of the set that is this one or comes behind it. */
  OptionalLong firstFrom(long offset) {
    int range = rangeEndingBehind(offset);
    return range < ranges.size()
        ? OptionalLong.of(Math.max(offset, ranges.get(range).from()))
        : OptionalLong.empty();
  }

  private int rangeEndingBehind(long offset) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).to() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  OffsetRanges and(OffsetRanges other) {
    List<Range> both = new ArrayList<>();
    int left = 0;
    int right = 0;
    while (left < ranges.size() && right < other.ranges.size()) {
      Range mine = ranges.get(left);
      Range theirs = other.ranges.get(right);
      long from = Math.max(mine.from(), theirs.from());
      long to = Math.min(mine.to(), theirs.to());
      if (from < to) {
        both.add(new Range(from, to));
      }
      if (mine.to() <= theirs.to()) {
        left++;
      } else {
        right++;
      }
    }
    return new OffsetRanges(both);
  }

  OffsetRanges or(OffsetRanges other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    all.sort(Comparator.comparingLong(Range::from));
    return joined(all, 0);
  }

  /** The same and the gaps between that are no wider than so many offsets. */
  OffsetRanges withGapsUpTo(long width) {
    return joined(ranges, width);
  }

  private static OffsetRanges joined(List<Range> ascending, long width) {
    List<Range> joined = new ArrayList<>();
    for (Range range : ascending) {
      Range last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && range.from() - width <= last.to()) {
        joined.set(joined.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
      } else {
        joined.add(range);
      }
    }
    return new OffsetRanges(joined);
  }

  @Override
  public String toString() {
    return ranges.stream().map(Range::toString).collect(Collectors.joining(" "));
  }
}

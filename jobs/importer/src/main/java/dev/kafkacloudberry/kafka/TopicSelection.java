package dev.kafkacloudberry.kafka;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * What a query can match in the partitions of a topic: at least every message that it matches.
 *
 * @param steps per first partition, what holds for it and those behind it up to the next step;
 *     there is one for partition 0, and no two neighbours are equal
 */
record TopicSelection(TreeMap<Integer, Selection> steps) implements Serializable {

  static final TopicSelection NONE = ofAll(Selection.NONE);
  static final TopicSelection ALL = ofAll(Selection.ALL);

  /** The same for every partition. */
  static TopicSelection ofAll(Selection selection) {
    return new TopicSelection(new TreeMap<>(Map.of(0, selection)));
  }

  /** These partitions as a whole. */
  static TopicSelection ofPartitions(OffsetRanges partitions) {
    TreeMap<Integer, Selection> steps = new TreeMap<>(Map.of(0, Selection.NONE));
    for (OffsetRanges.Range range : partitions.ranges()) {
      if (range.from() <= Integer.MAX_VALUE) {
        steps.put((int) range.from(), Selection.ALL);
      }
      if (range.to() <= Integer.MAX_VALUE) {
        steps.put((int) range.to(), Selection.NONE);
      }
    }
    return new TopicSelection(steps);
  }

  Selection of(int partition) {
    return steps.floorEntry(partition).getValue();
  }

  /** No partition, whether it exists or not, can hold a match. */
  boolean isEmpty() {
    return steps.values().stream().allMatch(Selection::isEmpty);
  }

  TopicSelection and(TopicSelection other) {
    return combine(other, Selection::and);
  }

  TopicSelection or(TopicSelection other) {
    return combine(other, Selection::or);
  }

  /** The same and the gaps between that are no wider than so many offsets. */
  TopicSelection withGapsUpTo(long width) {
    TreeMap<Integer, Selection> joined = new TreeMap<>(steps);
    joined.replaceAll(
        (partition, selected) ->
            new Selection(selected.offsets().withGapsUpTo(width), selected.since()));
    return new TopicSelection(joined);
  }

  /** How many offsets the longest range has, 0 if there is none. */
  long longestRange() {
    return steps.values().stream()
        .flatMap(selected -> selected.offsets().ranges().stream())
        .mapToLong(range -> range.to() - range.from())
        .max()
        .orElse(0);
  }

  private TopicSelection combine(TopicSelection other, BinaryOperator<Selection> operator) {
    TreeMap<Integer, Selection> all = new TreeMap<>(steps);
    all.putAll(other.steps);
    TreeMap<Integer, Selection> combined = new TreeMap<>();
    for (int partition : all.keySet()) {
      Selection selection = operator.apply(of(partition), other.of(partition));
      if (combined.isEmpty() || !combined.lastEntry().getValue().equals(selection)) {
        combined.put(partition, selection);
      }
    }
    return new TopicSelection(combined);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    steps.forEach(
        (first, selection) -> {
          Integer next = steps.higherKey(first);
          if (!selection.isEmpty()) {
            parts.add("%s: %s".formatted(partitions(first, next), selection));
          }
        });
    return parts.isEmpty() ? "nothing" : String.join("; ", parts);
  }

  private static String partitions(int first, Integer next) {
    if (next == null) {
      return first == 0 ? "every partition" : "partitions from %d".formatted(first);
    }
    return next - first == 1
        ? "partition %d".formatted(first)
        : "partitions %d to %d".formatted(first, next - 1);
  }
}

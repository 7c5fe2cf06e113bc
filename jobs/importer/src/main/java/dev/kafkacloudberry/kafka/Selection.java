package dev.kafkacloudberry.kafka;

import java.io.Serializable;

/**
 * What a query can match in one partition.
 *
 * @param offsets the offsets
 * @param since the earliest timestamp in milliseconds since 1970, or {@link #ANY_TIME}: what comes
 *     before the first message of this time or later does not match
 */
record Selection(OffsetRanges offsets, long since) implements Serializable {

  static final long ANY_TIME = Long.MIN_VALUE;
  static final Selection NONE = new Selection(OffsetRanges.NONE, ANY_TIME);
  static final Selection ALL = new Selection(OffsetRanges.ALL, ANY_TIME);

  boolean isEmpty() {
    return offsets.isEmpty();
  }

  Selection and(Selection other) {
    OffsetRanges both = offsets.and(other.offsets);
    return both.isEmpty() ? NONE : new Selection(both, Math.max(since, other.since));
  }

  Selection or(Selection other) {
    if (isEmpty()) {
      return other;
    }
    if (other.isEmpty()) {
      return this;
    }
    return new Selection(offsets.or(other.offsets), Math.min(since, other.since));
  }

  @Override
  public String toString() {
    if (isEmpty()) {
      return "nothing";
    }
    return since == ANY_TIME ? offsets.toString() : "%s since %d ms".formatted(offsets, since);
  }
}

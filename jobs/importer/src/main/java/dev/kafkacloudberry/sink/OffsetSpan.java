package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.OffsetRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a writer has of a partition between offsets that are committed already.
 *
 * @param range from the first offset to the last
 * @param gap where the offsets that are not committed begin among which these are. Between ranges
 *     of different gaps are some that other commits hold
 */
record OffsetSpan(OffsetRange range, long gap) {

  private record Gap(String topic, int partition, long begin) {}

  OffsetSpan withTopicId(Optional<String> id) {
    return new OffsetSpan(range.withTopicId(id), gap);
  }

  /** What writers have together: of each gap one range. */
  static List<OffsetRange> merged(List<OffsetSpan> spans) {
    Map<Gap, List<OffsetRange>> gaps = new LinkedHashMap<>();
    for (OffsetSpan span : spans) {
      Gap gap = new Gap(span.range.topic(), span.range.partition(), span.gap);
      gaps.computeIfAbsent(gap, g -> new ArrayList<>()).add(span.range);
    }
    // Joined, should a writer have started before a commit that another one knows.
    return OffsetRange.joined(
        gaps.values().stream().flatMap(ranges -> OffsetRange.merged(ranges).stream()).toList());
  }
}

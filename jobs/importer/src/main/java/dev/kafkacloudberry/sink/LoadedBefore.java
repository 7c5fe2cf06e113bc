package dev.kafkacloudberry.sink;

import static java.util.stream.Collectors.joining;

import dev.kafkacloudberry.database.OffsetRange;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What something else than this sink has loaded of a topic: of each partition everything before an
 * offset.
 */
public record LoadedBefore(String topic, SortedMap<Integer, Long> offsets) implements Serializable {

  private static final long serialVersionUID = 1L;
  private static final Pattern TOPIC = Pattern.compile("topic:([\\w.-]+)((?:;[^;]+)+)");
  private static final Pattern PARTITION =
      Pattern.compile(";partition:(\\d{1,9}),offset:(\\d{1,18})");

  public LoadedBefore {
    offsets = new TreeMap<>(offsets);
  }

  /**
   * Reads {@code topic:t;partition:0,offset:42;partition:1,offset:300}.
   *
   * @throws IllegalArgumentException when it is written in another way
   */
  public static LoadedBefore parse(String text) {
    Matcher topic = TOPIC.matcher(text);
    if (!topic.matches() || !PARTITION.matcher(topic.group(2)).replaceAll("").isEmpty()) {
      throw new IllegalArgumentException(
          "write it like topic:orders;partition:0,offset:42;partition:1,offset:300");
    }
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    PARTITION
        .matcher(topic.group(2))
        .results()
        .forEach(
            partition ->
                offsets.put(Integer.valueOf(partition.group(1)), Long.valueOf(partition.group(2))));
    return new LoadedBefore(topic.group(1), offsets);
  }

  /** The offsets, of the topic that has this id. */
  List<OffsetRange> ranges(String topicId) {
    return offsets.entrySet().stream()
        .map(
            partition ->
                new OffsetRange(
                    topic, Optional.of(topicId), partition.getKey(), 0, partition.getValue(), 0, 0))
        .toList();
  }

  @Override
  public String toString() {
    return offsets.entrySet().stream()
        .map((Map.Entry<Integer, Long> p) -> "partition:" + p.getKey() + ",offset:" + p.getValue())
        .collect(joining(";", "topic:" + topic + ";", ""));
  }
}

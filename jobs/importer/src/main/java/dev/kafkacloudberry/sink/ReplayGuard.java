package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the rows that are not to be loaded: those that commits of the sink hold, or in a repair
 * those that are no open rejects. The ledger was read before the first row came, when no commit can
 * have been made yet of what comes now.
 */
final class ReplayGuard {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayGuard.class);

  private final SinkCoverage coverage;
  private final TopicIds topicIds;
  private final Map<String, Topic> topics = new HashMap<>();
  private Topic current;

  ReplayGuard(SinkCoverage coverage, TopicIds topicIds) {
    this.coverage = coverage;
    this.topicIds = topicIds;
  }

  private record Topic(String name, Optional<String> id, PartitionOffsets covered) {}

  /**
   * Whether a row is to be left out.
   *
   * @throws IOException when Kafka is asked for a topic that is new here, and does not answer
   */
  boolean skips(RowPlace place) throws IOException {
    if (!place.isKnown()) {
      return coverage.isRepair();
    }
    // For the same topic it is the same object.
    if (current == null || current.name != place.topic()) {
      moveTo(place.topic());
    }
    return current.covered.contains(place.partition(), place.offset()) != coverage.isRepair();
  }

  /** The gap, in what is committed, that a row lies in which is not skipped. */
  long gapOf(RowPlace place) {
    return place.isKnown() ? current.covered.gapOf(place.partition(), place.offset()) : 0;
  }

  private void moveTo(String topic) throws IOException {
    current = topics.get(topic);
    if (current == null) {
      current = firstSeen(topic);
      topics.put(topic, current);
    }
  }

  private Topic firstSeen(String name) throws IOException {
    Topic topic;
    try {
      Optional<String> id = topicIds.of(name);
      topic = new Topic(name, id, coverage.of(name, id));
    } catch (IllegalStateException e) {
      // It would be no better after a restart.
      throw new SuppressRestartsException(e);
    }
    if (!topic.covered.isEmpty()) {
      LOG.info(
          "Sink '{}', topic '{}': {} {}",
          coverage.sinkId(),
          name,
          coverage.isRepair()
              ? "loading nothing but what was rejected:"
              : "skipping what earlier commits hold:",
          topic.covered);
    }
    return topic;
  }

  /** Kafka's id of a topic that a row had, where it is known. */
  Optional<String> topicId(String topic) {
    return topics.get(topic).id;
  }
}

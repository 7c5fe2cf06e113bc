package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.CoveredRange;
import dev.kafkacloudberry.database.OffsetRange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger said of a sink when a writer started.
 *
 * @param committed what its commits cover
 * @param rejected the open rejects, when they are to be repaired
 * @param acceptTopicChange go on when a topic was deleted and created again
 */
record SinkCoverage(
    String sinkId,
    List<CoveredRange> committed,
    Optional<List<OffsetRange>> rejected,
    boolean acceptTopicChange) {

  boolean isRepair() {
    return rejected.isPresent();
  }

  /**
   * The offsets of a topic that are committed, or in a repair those that are rejected.
   *
   * @param id Kafka's id of the topic, where it is known. An unknown id goes with every other
   * @throws IllegalStateException when the topic is another one than the commits were made of
   */
  PartitionOffsets of(String topic, Optional<String> id) {
    List<CoveredRange> ofTopic =
        committed.stream().filter(range -> range.topic().equals(topic)).toList();
    id.ifPresent(known -> requireSameTopic(topic, known, ofTopic));
    return PartitionOffsets.of(
        rejected
            .map(
                open ->
                    open.stream()
                        .filter(range -> range.topic().equals(topic))
                        .map(
                            range ->
                                new PartitionOffsets.Range(
                                    range.partition(), range.from(), range.to()))
                        .toList())
            .orElseGet(() -> committedUnder(id, ofTopic)));
  }

  private static List<PartitionOffsets.Range> committedUnder(
      Optional<String> id, List<CoveredRange> ofTopic) {
    return ofTopic.stream()
        .filter(range -> id.isEmpty() || range.topicId().isEmpty() || range.topicId().equals(id))
        .map(range -> new PartitionOffsets.Range(range.partition(), range.from(), range.to()))
        .toList();
  }

  private void requireSameTopic(String topic, String id, List<CoveredRange> ofTopic) {
    Optional<String> last =
        ofTopic.stream()
            .filter(range -> range.topicId().isPresent())
            .max(Comparator.comparing(CoveredRange::lastCommit))
            .flatMap(CoveredRange::topicId);
    if (last.isEmpty() || last.get().equals(id)) {
      return;
    }
    String change =
        "Topic '%s' was deleted and created again: its id in Kafka is %s, and sink '%s' has loaded rows of the one with id %s. Its offsets have begun anew, so what is in the ledger says nothing about its messages."
            .formatted(topic, id, sinkId, last.get());
    if (isRepair()) {
      throw new IllegalStateException(
          change + " The rejected messages are gone from Kafka: repair them from the ledger");
    }
    if (!acceptTopicChange) {
      throw new IllegalStateException(
          change
              + " To load the new topic beside what is there, start without the state of the old one and with 'sink.on-topic-change' = 'accept'");
    }
    if (ofTopic.stream().anyMatch(range -> range.topicId().isEmpty())) {
      throw new IllegalStateException(
          change
              + " 'sink.on-topic-change' = 'accept' does not suffice: other commits did not know the id of their topic and may be of either. Load the new topic with a 'sink.id' of its own");
    }
  }
}

package dev.kafkacloudberry.kafka;

import static org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit.EARLIEST_OFFSET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SpecificOffsetsTest {

  private static final TopicPartition LISTED = new TopicPartition("topic", 0);
  private static final TopicPartition NEW = new TopicPartition("topic", 1);

  @Test
  void aPartitionThatIsNotListedBeginsAtItsEarliestMessageWhateverItsGroupHasCommitted() {
    assertThat(
            new SpecificOffsets(Map.of(LISTED, 42L)).getPartitionOffsets(Set.of(LISTED, NEW), null))
        .isEqualTo(Map.of(LISTED, 42L, NEW, EARLIEST_OFFSET));
  }
}

package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class IdentifiedSplitSerializerTest {

  private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
  private static final Uuid TOPIC_ID = new Uuid(1, 2);
  private static final String VERSION_100 =
      "00066f7264657273" // orders
          + "00000003" // partition
          + "00000000000000010000000000000002" // id
          + "0000000000000007" // from
          + "0000000000000009"; // to

  private final IdentifiedSplitSerializer serializer = new IdentifiedSplitSerializer();

  @Test
  void theBytesOfVersion100AreWrittenAndReadAsEver() throws IOException {
    byte[] bytes = HexFormat.of().parseHex(VERSION_100);

    assertThat(serializer.getVersion()).isEqualTo(100);
    assertThat(serializer.serialize(new IdentifiedSplit(PARTITION, TOPIC_ID, 7, 9)))
        .isEqualTo(bytes);
    KafkaPartitionSplit split = serializer.deserialize(100, bytes);
    assertThat(split).isEqualTo(new KafkaPartitionSplit(PARTITION, 7, 9));
    assertThat(IdentifiedSplit.topicId(split)).isEqualTo(TOPIC_ID);
  }

  @Test
  void aSplitOfFlinksKafkaTableIsReadWithoutAnId() throws IOException {
    KafkaPartitionSplitSerializer flinks = new KafkaPartitionSplitSerializer();
    KafkaPartitionSplit split = new KafkaPartitionSplit(PARTITION, 7);

    KafkaPartitionSplit read = serializer.deserialize(flinks.getVersion(), flinks.serialize(split));

    assertThat(read).isEqualTo(split);
    assertThat(IdentifiedSplit.topicId(read)).isEqualTo(Uuid.ZERO_UUID);
  }

  @Test
  void aNewerVersionIsRefusedNamingBoth() {
    assertThatThrownBy(() -> serializer.deserialize(101, new byte[0]))
        .hasMessageContaining("version 101")
        .hasMessageContaining("up to 100");
  }
}

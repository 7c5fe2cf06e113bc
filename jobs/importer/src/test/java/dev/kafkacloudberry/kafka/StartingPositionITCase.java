package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A topic whose offsets go from 15 to 19. */
class StartingPositionITCase {

  private static final TopicPartition PARTITION = new TopicPartition("cut", 0);

  private static KafkaBroker broker;
  private static Properties settings;
  private static KafkaConsumer<byte[], byte[]> consumer;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    broker.createTopic("cut", 1);
    broker.produce("cut", IntStream.range(0, 20).mapToObj(n -> Message.of("" + n)).toList());
    broker.deleteRecords("cut", 0, 15);
    settings = new Properties();
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("group.id", "readers");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterAll
  static void stop() {
    consumer.close();
    broker.close();
  }

  @Test
  void whatHasExpiredIsSkippedToTheFirstMessage() {
    assertThat(starts(MissingOffsets.SKIP).afterGap(missing(3))).containsEntry(PARTITION, 15L);
  }

  @Test
  void whatIsBehindTheEndIsWaitedForThereAndNothingIsReadAgain() {
    assertThat(starts(MissingOffsets.SKIP).afterGap(missing(50))).containsEntry(PARTITION, 20L);
  }

  @Test
  void whatWasWrittenAnewAfterATruncationIsRead() {
    LogTruncationException truncation =
        new LogTruncationException(
            Map.of(PARTITION, 19L), Map.of(PARTITION, new OffsetAndMetadata(17)));

    assertThat(starts(MissingOffsets.SKIP).afterGap(truncation)).containsEntry(PARTITION, 17L);
  }

  @Test
  void anEarliestMessageThatExpiresBeforeItIsReadIsNoGap() {
    StartingPosition starts = starts(MissingOffsets.FAIL);
    assertThat(starts.of(split(KafkaPartitionSplit.EARLIEST_OFFSET)).offset()).isEqualTo(15);

    assertThat(starts.afterGap(missing(12))).containsEntry(PARTITION, 15L);

    starts.wasRead(PARTITION);
    assertThatThrownBy(() -> starts.afterGap(missing(12)))
        .isInstanceOf(KafkaReadException.class)
        .hasMessageContaining("Offset 12 of partition 0 of topic 'cut' is not there");
  }

  @Test
  void offsetsThatFlinksTableLeftToItsReaderAreLookedUp() {
    StartingPosition starts = starts(MissingOffsets.FAIL);
    assertThatThrownBy(() -> starts.of(split(KafkaPartitionSplit.COMMITTED_OFFSET)))
        .hasMessage("The consumer group has committed no offset of partition 0 of topic 'cut'.");

    consumer.commitSync(Map.of(PARTITION, new OffsetAndMetadata(18)));

    assertThat(starts.of(split(KafkaPartitionSplit.COMMITTED_OFFSET)).offset()).isEqualTo(18);
  }

  private static StartingPosition starts(MissingOffsets missingOffsets) {
    return new StartingPosition(consumer, new Topics(settings), missingOffsets);
  }

  private static OffsetOutOfRangeException missing(long offset) {
    return new OffsetOutOfRangeException(Map.of(PARTITION, offset));
  }

  private static KafkaPartitionSplit split(long start) {
    return new KafkaPartitionSplit(PARTITION, start);
  }
}

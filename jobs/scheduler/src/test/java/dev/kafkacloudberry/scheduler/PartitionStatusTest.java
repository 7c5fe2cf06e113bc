package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.scheduler.database.SinkProgress;
import dev.kafkacloudberry.scheduler.flink.PartitionProgress;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PartitionStatusTest {

  @Test
  void ofWhatIsCommittedHasEndAndLagWhileAJobTells() {
    SinkProgress orders = committed("orders", 0, 10L);

    assertThat(PartitionStatus.of(List.of(orders), List.of(read("orders", 0, 14, 15))))
        .containsExactly(new PartitionStatus(orders, 15L, 5L));
    assertThat(PartitionStatus.of(List.of(orders), List.of()))
        .containsExactly(new PartitionStatus(orders, null, null));
  }

  @Test
  void ofAPartitionWithoutACommitIsWhatIsLeftToRead() {
    SinkProgress orders = committed("orders", 0, 10L);

    assertThat(
            PartitionStatus.of(
                List.of(orders),
                List.of(
                    read("orders", 10, 3, 7), read("orders", 2, 0, 0), read("orders", 0, 10, 10))))
        .containsExactly(
            new PartitionStatus(orders, 10L, 0L),
            new PartitionStatus(SinkProgress.nothing("orders", 2), 0L, 0L),
            new PartitionStatus(SinkProgress.nothing("orders", 10), 7L, 4L));
  }

  @Test
  void ofASinkThatIsNotToldOfPlacesHasNoEnd() {
    SinkProgress plain = committed(null, null, null);

    assertThat(PartitionStatus.of(List.of(plain), List.of(read("orders", 0, 3, 3))))
        .containsExactly(
            new PartitionStatus(plain, null, null),
            new PartitionStatus(SinkProgress.nothing("orders", 0), 3L, 0L));
  }

  @Test
  void ofAPartitionThatSeveralSourcesReadIsThatOfTheLast() {
    PartitionProgress slow = new PartitionProgress("slow", "orders", 0, 1, OptionalLong.of(5));
    PartitionProgress fast = new PartitionProgress("fast", "orders", 0, 4, OptionalLong.of(5));

    assertThat(PartitionStatus.of(List.of(), List.of(slow, fast)))
        .containsExactly(new PartitionStatus(SinkProgress.nothing("orders", 0), 5L, 4L));
  }

  @Test
  void hasAsManyPartsAsAreCommitted() {
    assertThat(new PartitionStatus(committed("orders", 0, 10L), 40L, 30L).parts(20)).isEqualTo(5);
    assertThat(new PartitionStatus(SinkProgress.nothing("orders", 0), 40L, 40L).parts(20)).isZero();
    assertThat(new PartitionStatus(SinkProgress.nothing("orders", 0), 0L, 0L).parts(20)).isNull();
  }

  private static SinkProgress committed(String topic, Integer partition, Long next) {
    return new SinkProgress("sink", topic, partition, next, 1, 0, 0, Instant.EPOCH);
  }

  private static PartitionProgress read(String topic, int partition, long next, long end) {
    return new PartitionProgress("source", topic, partition, next, OptionalLong.of(end));
  }
}

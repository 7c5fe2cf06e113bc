package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.scheduler.flink.PartitionProgress;
import dev.kafkacloudberry.scheduler.flink.Reading;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GoalsTest {

  private final Goals goals = new Goals();

  @Test
  void areWhereThePartitionsEndedWhenAllWereKnown() {
    goals.set(reading(false, partition(0, 0, 5)));
    assertThat(goals.areReached(reading(true, partition(0, 5, 5)))).isFalse();

    goals.set(reading(true, partition(0, 0, 10), partition(1, 3, 4)));
    goals.set(reading(true, partition(0, 2, 99), partition(1, 4, 99)));

    assertThat(goals.left(reading(true, partition(0, 2, 99), partition(1, 3, 99)))).isEqualTo(9);
    assertThat(goals.areReached(reading(true, partition(0, 10, 99), partition(1, 3, 99))))
        .isFalse();
    assertThat(goals.areReached(reading(true, partition(0, 10, 99), partition(1, 4, 99)))).isTrue();
  }

  @Test
  void areNotReachedByWhatIsNotToldOfEveryReader() {
    goals.set(reading(true, partition(0, 0, 1), partition(1, 0, 1)));

    assertThat(goals.areReached(reading(true, partition(0, 1, 1)))).isFalse();
    assertThat(goals.areReached(reading(false, partition(0, 1, 1), partition(1, 1, 1)))).isFalse();
  }

  @Test
  void ofATopicWithoutPartitionsAreReachedAtOnce() {
    goals.set(reading(true));
    assertThat(goals.areReached(reading(true))).isTrue();
  }

  @Test
  void areThoseOfEachSourceThatReadsAPartition() {
    PartitionProgress slow = new PartitionProgress("slow", "orders", 0, 1, OptionalLong.of(5));
    PartitionProgress fast = new PartitionProgress("fast", "orders", 0, 5, OptionalLong.of(5));
    goals.set(reading(true, slow, fast));

    assertThat(goals.areReached(reading(true, slow, fast))).isFalse();
    assertThat(goals.left(reading(true, slow, fast))).isEqualTo(4);
  }

  private static PartitionProgress partition(int partition, long next, long end) {
    return new PartitionProgress("source", "orders", partition, next, OptionalLong.of(end));
  }

  private static Reading reading(boolean isComplete, PartitionProgress... partitions) {
    return new Reading(List.of(partitions), isComplete, List.of(), "");
  }
}

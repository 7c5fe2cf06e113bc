package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.sink.PartitionOffsets.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionOffsetsTest {

  @Test
  void aRangeHoldsItsFirstOffsetAndNotItsEnd() {
    PartitionOffsets offsets = PartitionOffsets.of(List.of(new Range(1, 5, 8)));

    assertThat(IntStream.range(0, 12).filter(offset -> offsets.contains(1, offset)))
        .containsExactly(5, 6, 7);
    assertThat(offsets.contains(0, 6)).isFalse();
    assertThat(offsets.contains(2, 6)).isFalse();
    assertThat(offsets.contains(-1, 6)).isFalse();
    assertThat(offsets.toString()).isEqualTo("partition 1 from 5 up to 8");
  }

  @Test
  void nothingHoldsNothing() {
    PartitionOffsets offsets = PartitionOffsets.of(List.of(new Range(0, 5, 5)));

    assertThat(offsets.isEmpty()).isTrue();
    assertThat(offsets.contains(0, 5)).isFalse();
    assertThat(PartitionOffsets.of(List.of()).contains(0, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void itHoldsWhatAnyOfItsRangesHolds(long seed) {
    Random random = new Random(seed);
    List<Range> ranges = new ArrayList<>();
    BitSet[] model = {new BitSet(), new BitSet(), new BitSet()};
    for (int i = 0; i < 40; i++) {
      int partition = random.nextInt(3);
      int from = random.nextInt(1000);
      int to = from + random.nextInt(20);
      ranges.add(new Range(partition, from, to));
      model[partition].set(from, to);
    }

    PartitionOffsets offsets = PartitionOffsets.of(ranges);

    for (int partition = 0; partition < 3; partition++) {
      for (int offset = 0; offset < 1030; offset++) {
        assertThat(offsets.contains(partition, offset))
            .as("seed %d, partition %d, offset %d", seed, partition, offset)
            .isEqualTo(model[partition].get(offset));
      }
    }
  }

  @Test
  void whatIsNotHeldLiesInTheGapBehindWhatIs() {
    PartitionOffsets offsets =
        PartitionOffsets.of(List.of(new Range(1, 5, 8), new Range(1, 10, 11)));

    assertThat(LongStream.of(0, 4, 8, 9, 11, 99).map(offset -> offsets.gapOf(1, offset)))
        .containsExactly(0L, 0L, 8L, 8L, 11L, 11L);
    assertThat(offsets.gapOf(0, 7)).isZero();
    assertThat(offsets.gapOf(2, 7)).isZero();
  }
}

package dev.kafkacloudberry.scheduler.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PartitionProgressTest {

  @Test
  void isReadFromAMetric() {
    assertThat(PartitionProgress.parse("source", "my-topic.a_b-12:3/40"))
        .isEqualTo(new PartitionProgress("source", "my-topic.a_b", 12, 3, OptionalLong.of(40)));
    assertThat(PartitionProgress.parse("source", "t-0:0/"))
        .isEqualTo(new PartitionProgress("source", "t", 0, 0, OptionalLong.empty()));
  }
}

package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.CoveredRange;
import dev.kafkacloudberry.database.OffsetRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

class ReplayGuardTest {

  private static final TopicIds UNKNOWN = topic -> Optional.empty();
  private static final TopicIds NEW = topic -> Optional.of("new");

  private final RowPlace place =
      new RowPlace(
          new MetadataPositions(
              Map.of(
                  RowMetadata.TOPIC, 0,
                  RowMetadata.PARTITION, 1,
                  RowMetadata.OFFSET, 2)));

  @Test
  void coveredRowsAreSkipped() throws Exception {
    ReplayGuard guard = guard(UNKNOWN, false, covered("t", "old", 1, 10, 20, 1));

    assertThat(passing(guard, "t", 1, 8, 22)).containsExactly(8L, 9L, 20L, 21L);
    assertThat(passing(guard, "t", 0, 8, 12)).containsExactly(8L, 9L, 10L, 11L);
    assertThat(passing(guard, "u", 1, 8, 12)).containsExactly(8L, 9L, 10L, 11L);
    assertThat(passing(guard, "t", 1, 15, 17)).isEmpty();
  }

  @Test
  void aRowWithoutAPlaceIsNoReplay() throws Exception {
    ReplayGuard guard = guard(UNKNOWN, false, covered("t", null, 0, 0, 9, 1));
    place.moveTo(GenericRowData.of(StringData.fromString("t"), null, 3L));

    assertThat(guard.skips(place)).isFalse();
  }

  @Test
  void aRepairLoadsTheOpenRejectsAndNothingElse() throws Exception {
    List<OffsetRange> open =
        List.of(
            new OffsetRange("t", Optional.empty(), 0, 5, 7, 0, 2),
            new OffsetRange("u", Optional.empty(), 0, 1, 2, 0, 1));
    ReplayGuard guard =
        new ReplayGuard(
            new SinkCoverage(
                "sink", List.of(covered("t", null, 0, 0, 100, 1)), Optional.of(open), false),
            UNKNOWN);

    assertThat(passing(guard, "t", 0, 0, 200)).containsExactly(5L, 6L);
    assertThat(passing(guard, "v", 0, 0, 9)).isEmpty();
    place.moveTo(GenericRowData.of(null, 0, 5L));
    assertThat(guard.skips(place)).isTrue();
  }

  @Test
  void kafkaIsAskedOnceForEachTopic() throws Exception {
    int[] asked = {0};
    ReplayGuard guard =
        guard(
            topic -> {
              asked[0]++;
              return Optional.of("id of " + topic);
            },
            false);

    for (int i = 0; i < 10; i++) {
      passing(guard, "t" + i % 2, 0, i, i + 1);
    }

    assertThat(asked[0]).isEqualTo(2);
    assertThat(guard.topicId("t1")).contains("id of t1");
  }

  @Test
  void whatTheTopicOfTheSameIdOrOfAnUnknownOneHeldIsSkipped() throws Exception {
    ReplayGuard guard =
        guard(NEW, false, covered("t", null, 0, 0, 5, 1), covered("t", "new", 0, 5, 10, 2));

    assertThat(passing(guard, "t", 0, 0, 12)).containsExactly(10L, 11L);
  }

  @Test
  void aTopicThatWasCreatedAgainEndsTheJobAndSaysWhatToDo() {
    ReplayGuard guard = guard(NEW, false, covered("t", "old", 0, 0, 5, 1));

    assertThatThrownBy(() -> passing(guard, "t", 0, 0, 1))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageContaining("'t'")
        .hasMessageContaining("old")
        .hasMessageContaining("new")
        .hasMessageContaining("'sink.on-topic-change' = 'accept'");
  }

  @Test
  void aTopicThatWasCreatedAgainIsNoReplayWhenThatIsAccepted() throws Exception {
    ReplayGuard guard = guard(NEW, true, covered("t", "old", 0, 0, 5, 1));

    assertThat(passing(guard, "t", 0, 0, 3)).containsExactly(0L, 1L, 2L);
  }

  @Test
  void onlyTheChangeItselfHasToBeAccepted() throws Exception {
    ReplayGuard guard =
        guard(NEW, false, covered("t", "new", 0, 0, 3, 2), covered("t", "old", 0, 0, 500, 1));

    assertThat(passing(guard, "t", 0, 0, 5)).containsExactly(3L, 4L);
  }

  @Test
  void commitsOfAnUnknownTopicAreNotTakenForEither() {
    ReplayGuard guard =
        guard(NEW, true, covered("t", "old", 0, 0, 5, 1), covered("t", null, 0, 5, 9, 2));

    assertThatThrownBy(() -> passing(guard, "t", 0, 0, 1))
        .isInstanceOf(SuppressRestartsException.class)
        .rootCause()
        .hasMessageContaining("'sink.id'");
  }

  private static ReplayGuard guard(TopicIds ids, boolean accept, CoveredRange... covered) {
    return new ReplayGuard(
        new SinkCoverage("sink", List.of(covered), Optional.empty(), accept), ids);
  }

  private static CoveredRange covered(
      String topic, String id, int partition, long from, long to, int minute) {
    return new CoveredRange(
        topic,
        Optional.ofNullable(id),
        partition,
        from,
        to,
        Instant.EPOCH.plusSeconds(60L * minute));
  }

  private List<Long> passing(ReplayGuard guard, String topic, int partition, long from, long to)
      throws IOException {
    List<Long> passing = new ArrayList<>();
    for (long offset = from; offset < to; offset++) {
      place.moveTo(GenericRowData.of(StringData.fromString(topic), partition, offset));
      if (!guard.skips(place)) {
        passing.add(offset);
      }
    }
    return passing;
  }
}

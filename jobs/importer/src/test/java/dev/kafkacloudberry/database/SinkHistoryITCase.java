package dev.kafkacloudberry.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinkHistoryITCase {

  private static final String SINK = "sink";

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();

  private LoadScene scene;
  private String schema;
  private int commits;

  @BeforeEach
  void createScene() throws SQLException {
    scene = LoadScene.create(postgres, "id int");
    schema = Identifier.quote(scene.ledger().schema());
  }

  @Test
  void rangesThatTouchOrOverlapAreOne() throws Exception {
    commit("a", range("t", null, 0, 0, 10), range("t", null, 1, 5, 6));
    commit("b", range("t", null, 0, 10, 20));
    commit("c", range("t", null, 0, 15, 17));
    commit("d", range("t", null, 0, 2, 3));
    commit("e", range("t", null, 0, 30, 40));

    assertThat(covered()).containsExactly("t/null/0 0-20", "t/null/0 30-40", "t/null/1 5-6");
  }

  @Test
  void whatARunReadBetweenItsCommitsIsCovered() throws Exception {
    commit("a", range("t", null, 0, 0, 10));
    commit("a", range("t", null, 0, 11, 20));
    commit("a", range("t", null, 0, 25, 30));

    assertThat(covered()).containsExactly("t/null/0 0-30");
  }

  @Test
  void aGapBetweenTwoRunsIsNotCovered() throws Exception {
    commit("a", range("t", null, 0, 0, 10));
    commit("b", range("t", null, 0, 11, 20));
    commit("c", range("t", null, 0, 21, 30));

    assertThat(covered()).containsExactly("t/null/0 0-10", "t/null/0 11-20", "t/null/0 21-30");
  }

  @Test
  void ofWhatSomethingElseHasLoadedThatIsNotedWhichIsNotCovered() throws Exception {
    commit("a", range("t", "one", 0, 10, 20));
    commit("b", range("t", null, 0, 5, 12), range("t", "one", 2, 0, 9));
    commit("c", range("t", "one", 0, 30, 40), range("u", "one", 0, 0, 99));

    for (int time = 0; time < 2; time++) {
      note(range("t", "one", 0, 0, 35), range("t", "one", 1, 0, 7), range("t", "one", 2, 0, 9));
    }

    assertThat(
            scene.query(
                "SELECT job || ' ' || \"partition\" || ' ' || from_offset || '-' || to_offset FROM %1$s.offsets JOIN %1$s.commits USING (commit_id) WHERE job = 'loaded before' ORDER BY 1"
                    .formatted(schema)))
        .containsExactly("loaded before 0 0-5", "loaded before 0 20-30", "loaded before 1 0-7");
  }

  @Test
  void whatWasLoadedOfAnEarlierTopicHidesNothingOfTheNewOne() throws Exception {
    commit("a", range("t", "one", 0, 10, 20));

    assertThatThrownBy(() -> note(range("t", "two", 1, 0, 7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'t' was deleted and created again");
    assertThat(covered()).containsExactly("t/one/0 10-20");
  }

  @Test
  void topicsTheirIdsPartitionsAndSinksAreApart() throws Exception {
    commit(
        "a", range("t", "one", 0, 0, 10), range("u", "one", 0, 0, 5), range("t", "one", 1, 0, 7));
    commit("a", range("t", "two", 0, 10, 20));
    commit("a", range("t", null, 0, 20, 30));
    scene.execute(
        "INSERT INTO %s.offsets (commit_id, sink_id, topic, \"partition\", from_offset, to_offset, rows) VALUES ('%s', 'other', 't', 0, 90, 99, 1)"
            .formatted(schema, UUID.randomUUID()));

    assertThat(covered())
        .containsExactly(
            "t/null/0 20-30", "t/one/0 0-10", "t/one/1 0-7", "t/two/0 10-20", "u/one/0 0-5");
  }

  @Test
  void pruningSumsUpARunAndKeepsWhatItCovers() throws Exception {
    for (int i = 0; i < 10; i++) {
      commit("a", range("t", "one", 0, i * 10, i * 10 + 9), range("t", "one", 1, i, i + 1));
    }
    commit("b", range("t", "one", 0, 100, 110));
    commit("b", range("t", "one", 0, 200, 210));
    List<String> progress = progress();

    assertThat(prune()).isEqualTo(10);

    assertThat(covered()).containsExactly("t/one/0 0-99", "t/one/0 100-210", "t/one/1 0-10");
    assertThat(
            scene.query(
                "SELECT job || ' ' || checkpoint || ' ' || rows || ' ' || bytes || ' ' || skipped FROM %s.commits ORDER BY checkpoint"
                    .formatted(schema)))
        .containsExactly("job of a 9 20 0 0", "job of b 11 2 120 36");
    assertThat(progress()).isEqualTo(progress);
    assertThat(prune()).isZero();
  }

  @Test
  void whatWasSummedUpMeetsTheCommitsThatCameAfter() throws Exception {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 5; i++) {
        int at = round * 100 + i * 10;
        commit("a", range("t", null, 0, at, at + 9));
      }
      prune();
      assertThat(covered()).containsExactly("t/null/0 0-" + (round * 100 + 49));
      assertThat(scene.commits()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void pruningChangesNothingOfWhatIsCovered(long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      String id = random.nextInt(5) == 0 ? null : "id" + random.nextInt(2);
      int from = random.nextInt(3000);
      commit(
          "run " + random.nextInt(3),
          range("t", id, 0, from, from + 1 + random.nextInt(40)),
          range("t", id, 1, i * 10, i * 10 + 9));
      if (random.nextInt(20) == 0) {
        List<String> before = covered();
        List<String> progress = progress();
        prune();
        assertThat(covered()).as("seed " + seed).isEqualTo(before);
        assertThat(progress()).as("seed " + seed).isEqualTo(progress);
      }
    }
  }

  private record Range(String topic, String topicId, int partition, long from, long to) {
    OffsetRange offsets() {
      return new OffsetRange(topic, Optional.ofNullable(topicId), partition, from, to, 0, 0);
    }
  }

  private static Range range(String topic, String topicId, int partition, long from, long to) {
    return new Range(topic, topicId, partition, from, to);
  }

  /** An old commit, younger than those before it; of each range it has one row. */
  private void commit(String run, Range... ranges) throws SQLException {
    UUID id = UUID.randomUUID();
    scene.execute(
        "INSERT INTO %s.commits (commit_id, sink_id, job, run, checkpoint, committed_at, rows, bytes, skipped) VALUES ('%s', '%s', 'job of %s', '%s', %d, now() - interval '50 days' + interval '%d minutes', %d, 10, 3)"
            .formatted(
                schema,
                id,
                SINK,
                run,
                UUID.nameUUIDFromBytes(run.getBytes(UTF_8)),
                commits,
                commits,
                ranges.length));
    for (Range range : ranges) {
      scene.execute(
          "INSERT INTO %s.offsets (commit_id, sink_id, topic, topic_id, \"partition\", from_offset, to_offset, rows) VALUES ('%s', '%s', '%s', %s, %d, %d, %d, 1)"
              .formatted(
                  schema,
                  id,
                  SINK,
                  range.topic(),
                  range.topicId() == null ? "NULL" : "'" + range.topicId() + "'",
                  range.partition(),
                  range.from(),
                  range.to()));
    }
    commits++;
  }

  private void note(Range... ranges) throws SQLException {
    try (Connection connection = postgres.connect()) {
      new SinkHistory(scene.ledger(), SINK)
          .note(connection, Stream.of(ranges).map(Range::offsets).toList());
    }
  }

  /** What is covered, ranges that touch as one. */
  private List<String> covered() throws SQLException {
    Map<String, BitSet> offsets = new TreeMap<>();
    try (Connection connection = postgres.connect()) {
      for (CoveredRange range : new SinkHistory(scene.ledger(), SINK).covered(connection)) {
        offsets
            .computeIfAbsent(
                "%s/%s/%d"
                    .formatted(range.topic(), range.topicId().orElse("null"), range.partition()),
                partition -> new BitSet())
            .set((int) range.from(), (int) range.to());
      }
    }
    List<String> covered = new ArrayList<>();
    offsets.forEach(
        (partition, set) -> {
          for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from);
            covered.add("%s %d-%d".formatted(partition, from, to));
            from = set.nextSetBit(to);
          }
        });
    return covered;
  }

  private List<String> progress() throws SQLException {
    return scene.query(
        "SELECT (topic, \"partition\", next_offset, rows, rejects)::text FROM "
            + schema
            + ".progress ORDER BY 1");
  }

  private int prune() throws SQLException {
    try (Connection connection = postgres.connect()) {
      return scene.ledger().prune(connection, SINK, Duration.ofDays(30));
    }
  }
}

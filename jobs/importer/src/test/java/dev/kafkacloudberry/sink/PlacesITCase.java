package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.junk;
import static dev.kafkacloudberry.sink.TargetFixture.largeRow;
import static dev.kafkacloudberry.sink.TargetFixture.row;
import static dev.kafkacloudberry.testbed.Action.cut;
import static dev.kafkacloudberry.testbed.Action.pause;
import static dev.kafkacloudberry.testbed.Moment.afterCommit;
import static dev.kafkacloudberry.testbed.Moment.afterCopyData;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.sink.SinkHarness.Snapshot;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a commit stores beside its rows: which offsets it holds, and what it rejects. */
class PlacesITCase extends CommitStories {

  /** So many that a writer does not keep what it notes of them in memory. */
  private static final int MANY = 10_000;

  private static final long FAR_APART = 1_000_000_000_000L;

  /** In the first reject, behind the header. */
  private static final Moment INSIDE_REJECTS = afterCopyData(20);

  @BeforeEach
  void givePlaces() {
    target.places();
  }

  @Test
  void aCommitRecordsTheRangesOfAllItsWriters() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1, 0, 10), row(2, 0, 12), junk(0, 13), row(3, 1, 5));
      sink.write(1, row(4, 0, 9), row(5, 0, 20));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.offsets())
          .containsExactly(
              "orders 0: 9 to 21, 4 rows, 1 rejected", "orders 1: 5 to 6, 1 rows, 0 rejected");
      assertThat(target.rejects()).containsExactly("orders 0 13 \\xff00 no row");
      assertThat(sink.committerCount("committedRejects")).isEqualTo(1);
      assertOutcome(
          rows(1, 2, 3, 4, 5), commits("checkpoint 1: 5 rows, 1 rejected"), nothingStaged());
    }
  }

  @Test
  void aCheckpointOfRejectsOnlyIsCommitted() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, junk(0, 3), junk(0, 4));
      sink.checkpoint(1);
      assertOutcome(rows(), commits(), List.of("manifest", "rejects"));

      sink.complete(1);
      assertThat(target.offsets()).containsExactly("orders 0: 3 to 5, 0 rows, 2 rejected");
      assertThat(target.rejects()).hasSize(2);
      assertOutcome(rows(), commits("checkpoint 1: 0 rows, 2 rejected"), nothingStaged());
    }
  }

  @Test
  void rowsWithoutAPlaceAreLoadedAndInNoRange() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1, 0, 3), TargetFixture.rowWithoutPlace(2));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.offsets()).containsExactly("orders 0: 3 to 4, 1 rows, 0 rejected");
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows"), nothingStaged());
    }
  }

  @Test
  void eachFileOfRowsHasItsPlacesBesideIt() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, largeRow(1, 0, 7), largeRow(2, 0, 8), largeRow(3, 0, 9), row(4, 2, 1));
      sink.barrierAtWriters(1);

      List<Path> rows = target.dataFiles();
      assertThat(rows).hasSize(2);
      assertThat(places(rows.get(0))).containsExactly(run(0, 7, 2));
      assertThat(places(rows.get(1))).containsExactly(run(0, 9, 1), run(2, 1, 1));
    }
  }

  private static List<PlaceRun> places(Path rows) throws Exception {
    Path places = Path.of(rows.toString().replace(".rows", ".places"));
    List<PlaceRun> runs = new ArrayList<>();
    try (PlacesReader reader = new PlacesReader(Files.newInputStream(places))) {
      for (Optional<PlaceRun> run = reader.next(); run.isPresent(); run = reader.next()) {
        runs.add(run.get());
      }
    }
    return runs;
  }

  private static PlaceRun run(int partition, long first, long count) {
    return new PlaceRun(Optional.of(new Place("orders", partition, first)), count);
  }

  @Test
  void writerDiesWithPlacesAndRejects() throws Exception {
    try (SinkHarness sink = target.sink().start(2)) {
      sink.write(0, row(1, 0, 1), junk(0, 2));
      sink.write(1, row(2, 1, 1), junk(1, 2));
      sink.barrierAtWriters(1);
      assertOutcome(
          rows(), commits(), List.of("places", "places", "rejects", "rejects", "rows", "rows"));

      sink.start(2);
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void aWriterThatIsClosedTakesPlacesAndRejectsWithIt() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, largeRow(1, 0, 1), largeRow(2, 0, 2));
      for (int i = 0; i < MANY; i++) {
        sink.write(0, row(i, i % 2, i * FAR_APART), junk(i % 2, i));
      }
      assertOutcome(
          rows(), commits(), List.of("places", "places", "rejects", "rejects", "rows", "rows"));

      sink.closeWriters();
      assertOutcome(rows(), commits(), nothingStaged());
    }
  }

  @Test
  void committerDiesInsideTheCopyOfTheRejects() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1, 0, 1), junk(0, 2));
      Snapshot snapshot = sink.checkpoint(1);
      Fault fault = proxy.inject(INSIDE_REJECTS, pause());
      Running commit = inBackground(() -> sink.complete(1));
      fault.awaitFired(MOMENTS);
      commit.thread().interrupt();
      assertThat(commit.result()).failsWithin(MOMENTS);
      proxy.cutConnections();
      assertThat(target.offsets()).isEmpty();
      assertThat(target.rejects()).isEmpty();
      assertOutcome(rows(), commits(), List.of("manifest", "places", "rejects", "rows"));

      sink.restore(snapshot, 1);
      assertOneOfEach();
    }
  }

  @Test
  void connectionIsLostBetweenTheCommitOfRejectsAndItsAnswer() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1, 0, 1), junk(0, 2));
      sink.checkpoint(1);
      Fault fault = proxy.inject(afterCommit(), cut());
      sink.complete(1);

      assertThat(fault.fired()).isEqualTo(1);
      assertOneOfEach();
    }
  }

  private void assertOneOfEach() throws Exception {
    assertThat(target.offsets()).containsExactly("orders 0: 1 to 3, 1 rows, 1 rejected");
    assertThat(target.rejects()).containsExactly("orders 0 2 \\xff00 no row");
    assertOutcome(rows(1), commits("checkpoint 1: 1 rows, 1 rejected"), nothingStaged());
  }

  @Test
  void aRefusedTableStoresNoRejectsEither() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(1, 0, 2), junk(0, 3));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1)).hasStackTraceContaining("23505");
      assertThat(target.offsets()).isEmpty();
      assertThat(target.rejects()).isEmpty();
      assertOutcome(rows(), commits(), List.of("manifest", "places", "rejects", "rows"));
    }
  }

  @Test
  void anAlteredFileOfRejectsIsRefused() throws Exception {
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, row(1, 0, 1), junk(0, 2));
      sink.checkpoint(1);
      Path rejects = Path.of(target.dataFiles().get(0).toString().replace(".rows", ".rejects"));
      byte[] bytes = Files.readAllBytes(rejects);
      bytes[bytes.length - 1]++;
      Files.write(rejects, bytes);

      assertThatThrownBy(() -> sink.complete(1))
          .hasStackTraceContaining(rejects.getFileName() + " was altered");
      assertThat(target.rejects()).isEmpty();
      assertOutcome(rows(), commits(), List.of("manifest", "places", "rejects", "rows"));
    }
  }
}

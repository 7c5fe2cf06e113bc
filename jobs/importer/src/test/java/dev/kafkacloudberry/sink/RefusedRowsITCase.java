package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.junk;
import static dev.kafkacloudberry.sink.TargetFixture.row;
import static dev.kafkacloudberry.testbed.Action.cut;
import static dev.kafkacloudberry.testbed.Moment.afterCommit;
import static dev.kafkacloudberry.testbed.Moment.before;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.Fault;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;

/** Rows that the table refuses. */
class RefusedRowsITCase extends CommitStories {

  @Test
  void theFirstOneIsNamedWithItsPlaceItsContentAndWhatTheDatabaseSays() throws Exception {
    try (SinkHarness sink = target.places().sink().start(1)) {
      sink.write(0, row(1, 0, 10), row(2, 0, 11), row(1, 0, 12), row(2, 0, 13));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .hasStackTraceContaining("topic 'orders', partition 0, offset 12")
          .hasStackTraceContaining("Key (id)=(1) already exists")
          .hasStackTraceContaining("{\"id\": 1, \"note\": \"row 1\"}")
          .hasStackTraceContaining("SQLSTATE 23505")
          .hasStackTraceContaining("'sink.on-error' = 'reject'");
      assertOutcome(rows(), commits(), stagedWithPlaces());
    }
  }

  @Test
  void theOthersAreCommittedAndTheyAreKeptInTheLedger() throws Exception {
    target.execute("ALTER TABLE " + target.table() + " ADD CHECK (id <> 4)");
    try (SinkHarness sink = target.places().rejecting().sink().start(2)) {
      sink.write(0, row(1, 0, 10), row(1, 0, 11), junk(0, 12), row(4, 0, 13), row(5, 0, 14));
      sink.write(1, row(2, 1, 7), row(3, 1, 8));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.rejects())
          .containsExactly(
              "orders 0 11 {\"id\": 1, \"note\": \"row 1\"} duplicate key value violates unique"
                  + " constraint \"%s_pkey\": Key (id)=(1) already exists. 23505"
                      .formatted(target.table()),
              "orders 0 12 \\xff00 no row",
              "orders 0 13 {\"id\": 4, \"note\": \"row 4\"} new row for relation \"%1$s\" violates check constraint \"%1$s_id_check\": Failing row contains (4, row 4). 23514"
                  .formatted(target.table()));
      assertThat(target.offsets())
          .containsExactly(
              "orders 0: 10 to 15, 2 rows, 3 rejected", "orders 1: 7 to 9, 2 rows, 0 rejected");
      assertThat(sink.committerCount("committedRows")).isEqualTo(4);
      assertOutcome(rows(1, 2, 3, 5), commits("checkpoint 1: 4 rows, 3 rejected"), nothingStaged());
    }
  }

  @Test
  void aRowThatCannotBeEncodedIsKeptToo() throws Exception {
    RowData nul =
        GenericRowData.of(
            7, StringData.fromString("a\0b"), StringData.fromString("orders"), 0, 3L, null, null);
    try (SinkHarness sink = target.places().sink().start(1)) {
      assertThatThrownBy(() -> sink.write(0, nul))
          .hasStackTraceContaining("A row (topic 'orders', partition 0, offset 3) cannot be loaded")
          .hasStackTraceContaining("'sink.on-error' = 'reject'");
    }
    try (SinkHarness sink = target.rejecting().sink().start(1)) {
      sink.write(0, nul, row(8, 0, 4));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.rejects())
          .singleElement()
          .asString()
          .startsWith("orders 0 3 {\"id\": 7, \"note\": \"a\\u0000b\"} Column \"note\": ");
      assertThat(target.offsets()).containsExactly("orders 0: 3 to 5, 1 rows, 1 rejected");
    }
  }

  @Test
  void aConstraintThatIsCheckedAtTheCommitIsNoExcuse() throws Exception {
    target.execute(
        "ALTER TABLE %1$s ADD UNIQUE (note) DEFERRABLE INITIALLY DEFERRED"
            .formatted(target.table()));
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 1), noted(2, "row 1", 2), row(3, 0, 3));
      sink.checkpoint(1);
      sink.complete(1);

      assertOutcome(rows(1, 3), commits("checkpoint 1: 2 rows, 1 rejected"), nothingStaged());
    }
  }

  @Test
  void whatARowTriggerRaisesRefusesTheRowAndStatementTriggersSeeOneCopyOfTheRest()
      throws Exception {
    target.execute(
        """
        CREATE TABLE seen_%1$s (rows bigint);
        CREATE FUNCTION refuse_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF NEW.id %% 2 = 0 THEN RAISE EXCEPTION ''even''; END IF; RETURN NEW; END';
        CREATE FUNCTION see_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN INSERT INTO seen_%1$s SELECT count(*) FROM added; RETURN NULL; END';
        CREATE TRIGGER refuse BEFORE INSERT ON %1$s FOR EACH ROW EXECUTE FUNCTION refuse_%1$s();
        CREATE TRIGGER see AFTER INSERT ON %1$s REFERENCING NEW TABLE AS added
          FOR EACH STATEMENT EXECUTE FUNCTION see_%1$s();
        """
            .formatted(target.table()));
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, IntStream.range(0, 9).mapToObj(n -> row(n, 0, n)).toArray(RowData[]::new));
      sink.checkpoint(1);
      sink.complete(1);

      assertOutcome(rows(1, 3, 5, 7), commits("checkpoint 1: 4 rows, 5 rejected"), nothingStaged());
      assertThat(target.query("SELECT rows FROM seen_" + target.table())).containsExactly("4");
    }
  }

  @Test
  void aStatementTriggerThatRefusesTheWholeRefusesNoRow() throws Exception {
    target.execute(
        """
        CREATE FUNCTION refuse_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN IF (SELECT count(*) FROM added) > 2 THEN RAISE EXCEPTION ''too many'';
           END IF; RETURN NULL; END';
        CREATE TRIGGER refuse AFTER INSERT ON %1$s REFERENCING NEW TABLE AS added
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_%1$s();
        """
            .formatted(target.table()));
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(2, 0, 2), row(3, 0, 3));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1)).hasStackTraceContaining("too many");
      assertOutcome(rows(), commits(), stagedWithPlaces());
    }
  }

  @Test
  void aWholeCheckpointOfThemIsCommitted() throws Exception {
    target.execute("ALTER TABLE " + target.table() + " ADD CHECK (id < 0)");
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, IntStream.range(0, 500).mapToObj(n -> row(n, 0, n)).toArray(RowData[]::new));
      sink.checkpoint(1);
      sink.complete(1);

      assertOutcome(rows(), commits("checkpoint 1: 0 rows, 500 rejected"), nothingStaged());
      assertThat(target.rejects()).hasSize(500);
    }
  }

  @Test
  void oneAmongManyCostsAFewRoundTrips() throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(
          0, IntStream.range(0, 100_000).mapToObj(n -> row(n, 0, n)).toArray(RowData[]::new));
      sink.write(0, row(77_777, 0, 100_000));
      sink.checkpoint(1);
      target.execute(
          """
          CREATE SEQUENCE copies_%1$s;
          CREATE FUNCTION count_%1$s() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM nextval(''copies_%1$s''); RETURN NULL; END';
          CREATE TRIGGER count BEFORE INSERT ON %1$s FOR EACH STATEMENT
            EXECUTE FUNCTION count_%1$s();
          """
              .formatted(target.table()));
      sink.complete(1);

      assertThat(target.query("SELECT count(*) FROM " + target.table())).containsExactly("100000");
      // No rollback takes back what a sequence has given.
      assertThat(
              Integer.parseInt(
                  target.query("SELECT last_value FROM copies_" + target.table()).get(0)))
          .isLessThan(45);
    }
  }

  @Test
  void aLimitEndsTheJobWithASummaryAndCommitsNothing() throws Exception {
    target.execute("ALTER TABLE " + target.table() + " ADD CHECK (id > 0)");
    try (SinkHarness sink = target.places().rejecting().rejectLimit("3").sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(0, 0, 2), junk(0, 3));
      sink.checkpoint(1);
      sink.complete(1);
      sink.write(0, row(2, 0, 4), row(-1, 0, 5), row(-2, 0, 6), row(3, 0, 7));
      sink.checkpoint(2);

      assertThatThrownBy(() -> sink.complete(2))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasStackTraceContaining(SuppressRestartsException.class.getName())
          .hasStackTraceContaining("rejected more than 'sink.reject-limit' = '3' in PT1H")
          .hasStackTraceContaining("2 rows now, 2 before")
          .hasStackTraceContaining("violates check constraint")
          .hasStackTraceContaining("topic 'orders', partition 0, offset 5");
      assertThat(target.outcome().rows()).containsExactly(1);
    }
  }

  @Test
  void aLimitMayBeAShareOfTheRows() throws Exception {
    try (SinkHarness sink = target.places().rejecting().rejectLimit("50%").sink().start(1)) {
      sink.write(0, row(1, 0, 1), junk(0, 2));
      sink.checkpoint(1);
      sink.complete(1);
      sink.write(0, junk(0, 3));
      sink.checkpoint(2);

      assertThatThrownBy(() -> sink.complete(2))
          .hasStackTraceContaining("more than 'sink.reject-limit' = '50%'")
          .hasStackTraceContaining("no row (1 times)");
    }
  }

  @Test
  void aConnectionThatIsLostInTheSearchIsTriedAgain() throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(1, 0, 2), row(2, 0, 3));
      sink.checkpoint(1);
      Fault fault = proxy.inject(before("ROLLBACK TO SAVEPOINT"), cut());
      sink.complete(1);

      assertThat(fault.fired()).isEqualTo(1);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows, 1 rejected"), nothingStaged());
    }
  }

  @Test
  void aCommitInDoubtBehindASearchIsFoundInTheLedger() throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(1, 0, 2), row(2, 0, 3));
      sink.checkpoint(1);
      Fault fault = proxy.inject(afterCommit(), cut());
      sink.complete(1);

      assertThat(fault.fired()).isEqualTo(1);
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows, 1 rejected"), nothingStaged());
    }
  }

  private static RowData noted(int id, String note, long offset) {
    return GenericRowData.of(
        id, StringData.fromString(note), StringData.fromString("orders"), 0, offset, null, null);
  }

  private static List<String> stagedWithPlaces() {
    return List.of("manifest", "places", "rows");
  }
}

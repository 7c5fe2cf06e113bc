package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.junk;
import static dev.kafkacloudberry.sink.TargetFixture.row;
import static dev.kafkacloudberry.testbed.Action.cut;
import static dev.kafkacloudberry.testbed.Moment.afterCommit;
import static dev.kafkacloudberry.testbed.Moment.before;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
  void aTableThatTakesNoCopyAtAllRefusesNoRow() throws Exception {
    target.execute(
        """
        CREATE FUNCTION close_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''closed for the night''; END';
        CREATE TRIGGER close BEFORE INSERT ON %1$s FOR EACH STATEMENT
          EXECUTE FUNCTION close_%1$s();
        """
            .formatted(target.table()));
    assertNoRowIsBlamed("closed for the night");
  }

  @Test
  void aSequenceThatIsExhaustedRefusesNoRow() throws Exception {
    target.execute(
        """
        CREATE SEQUENCE numbers_%1$s MAXVALUE 2;
        ALTER TABLE %1$s ADD number bigint NOT NULL DEFAULT nextval('numbers_%1$s');
        """
            .formatted(target.table()));
    assertNoRowIsBlamed("2200H");
  }

  private void assertNoRowIsBlamed(String error) throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 1), row(2, 0, 2), row(3, 0, 3));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1)).hasStackTraceContaining(error);
      assertOutcome(rows(), commits(), stagedWithPlaces());
    }
  }

  /** The ids of other rows are in the notes: each row needs the one that it names. */
  private void createReferences() throws Exception {
    target.execute(
        """
        ALTER TABLE %1$s ADD code text GENERATED ALWAYS AS (id::text) STORED UNIQUE;
        ALTER TABLE %1$s ADD CONSTRAINT parent FOREIGN KEY (note) REFERENCES %1$s (code);
        """
            .formatted(target.table()));
  }

  @Test
  void aRowThatNeedsALaterOneIsTaken() throws Exception {
    createReferences();
    try (SinkHarness sink = target.places().rejecting().sink().start(2)) {
      sink.write(
          0,
          noted(1, "2", 1),
          noted(2, "3", 2),
          noted(3, "9", 3),
          noted(4, "404", 4),
          noted(5, "4", 5),
          noted(1, "1", 6));
      sink.write(1, row(8, "7", 1, 1), row(9, "9", 1, 2), row(7, "8", 1, 3));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.rejects())
          .satisfiesExactly(
              reject -> assertThat(reject).startsWith("orders 0 1 ").endsWith("23505"),
              reject -> assertThat(reject).startsWith("orders 0 4 ").contains("(note)=(404)"),
              reject -> assertThat(reject).startsWith("orders 0 5 ").endsWith("23503"));
      assertThat(target.offsets())
          .containsExactly(
              "orders 0: 1 to 7, 3 rows, 3 rejected", "orders 1: 1 to 4, 3 rows, 0 rejected");
      assertOutcome(
          rows(1, 2, 3, 7, 8, 9), commits("checkpoint 1: 6 rows, 3 rejected"), nothingStaged());
    }
  }

  @Test
  void rowsThatNeedEachOtherAreTaken() throws Exception {
    createReferences();
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, noted(1, "2", 1), noted(3, "3", 2), noted(3, "3", 3), noted(2, "1", 4));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.rejects())
          .singleElement()
          .satisfies(reject -> assertThat(reject).startsWith("orders 0 3 "));
      assertOutcome(rows(1, 2, 3), commits("checkpoint 1: 3 rows, 1 rejected"), nothingStaged());
    }
  }

  @Test
  void aRowThatNeedsALaterOneIsNotTheOneThatIsNamed() throws Exception {
    createReferences();
    try (SinkHarness sink = target.places().sink().start(1)) {
      sink.write(0, noted(1, "2", 1), noted(2, "2", 2), noted(3, "404", 3));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .hasStackTraceContaining("topic 'orders', partition 0, offset 3");
    }
  }

  @Test
  void rowsOfOneMessageAreRefusedOneByOne() throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, row(1, 0, 5), row(1, 0, 5), row(2, 0, 5), row(1, 0, 5));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.offsets()).containsExactly("orders 0: 5 to 6, 2 rows, 2 rejected");
      assertThat(target.rejects())
          .hasSize(2)
          .allSatisfy(r -> assertThat(r).startsWith("orders 0 5"));
      assertOutcome(rows(1, 2), commits("checkpoint 1: 2 rows, 2 rejected"), nothingStaged());
    }
  }

  @Test
  void aWholeCheckpointOfThemIsCommitted() throws Exception {
    target.execute("ALTER TABLE " + target.table() + " ADD CHECK (id < 0)");
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(0, IntStream.range(0, 500).mapToObj(n -> row(n, 0, n)).toArray(RowData[]::new));
      sink.checkpoint(1);
      createSequenceThatCountsCopies();
      sink.complete(1);

      assertOutcome(rows(), commits("checkpoint 1: 0 rows, 500 rejected"), nothingStaged());
      assertThat(target.rejects()).hasSize(500);
      assertThat(copies()).isLessThan(520);
    }
  }

  @Test
  void oneAmongManyCostsAFewRoundTrips() throws Exception {
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      sink.write(
          0, IntStream.range(0, 100_000).mapToObj(n -> row(n, 0, n)).toArray(RowData[]::new));
      sink.write(0, row(77_777, 0, 100_000));
      sink.checkpoint(1);
      createSequenceThatCountsCopies();
      sink.complete(1);

      assertThat(target.query("SELECT count(*) FROM " + target.table())).containsExactly("100000");
      assertThat(copies()).isLessThan(15);
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
  void theSummaryCountsWhatDiffersInItsValuesOnly() throws Exception {
    target.execute("ALTER TABLE %s ALTER note TYPE int USING 0".formatted(target.table()));
    try (SinkHarness sink =
        target.places().rejecting().asText().rejectLimit("10").sink().start(1)) {
      sink.write(
          0,
          IntStream.range(0, 20)
              .mapToObj(n -> noted(n, n + "x".repeat(5_000), n))
              .toArray(RowData[]::new));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .rootCause()
          .message()
          .contains("Column \"note\": invalid input syntax for type integer: \"0xxx")
          .contains("… (11 times)")
          .hasSizeLessThan(1_000);
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
  void aConnectionThatIsLostBeforeAnyStatementIsTriedAgain() throws Exception {
    target.execute("ALTER TABLE " + target.table() + " ADD CHECK (id % 3 <> 0)");
    List<Integer> loaded = new ArrayList<>();
    List<String> committed = new ArrayList<>();
    boolean isLost = true;
    try (SinkHarness sink = target.places().rejecting().sink().start(1)) {
      for (int n = 0; isLost; n++) {
        AtomicInteger left = new AtomicInteger(n);
        Fault fault =
            proxy.inject(new Moment.BeforeStatement(sql -> left.getAndDecrement() == 0), cut());
        sink.write(
            0, row(3 * n, 0, 3L * n), row(3 * n + 1, 0, 3L * n + 1), row(3 * n + 2, 0, 3L * n + 2));
        sink.checkpoint(n + 1);
        sink.complete(n + 1);
        isLost = fault.fired() > 0;
        fault.remove();
        loaded.addAll(List.of(3 * n + 1, 3 * n + 2));
        committed.add("checkpoint %d: 2 rows, 1 rejected".formatted(n + 1));
      }
    }
    assertThat(committed).hasSizeGreaterThan(20);
    assertOutcome(loaded, committed, nothingStaged());
    assertThat(target.rejects()).hasSize(committed.size());
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
    return row(id, note, 0, offset);
  }

  private void createSequenceThatCountsCopies() throws Exception {
    target.execute(
        """
        CREATE SEQUENCE copies_%1$s;
        CREATE FUNCTION count_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN PERFORM nextval(''copies_%1$s''); RETURN NULL; END';
        CREATE TRIGGER count BEFORE INSERT ON %1$s FOR EACH STATEMENT
          EXECUTE FUNCTION count_%1$s();
        """
            .formatted(target.table()));
  }

  /** No rollback takes back what a sequence has given. */
  private int copies() throws Exception {
    return Integer.parseInt(target.query("SELECT last_value FROM copies_" + target.table()).get(0));
  }

  private static List<String> stagedWithPlaces() {
    return List.of("manifest", "places", "rows");
  }
}

package dev.kafkacloudberry.database;

import static dev.kafkacloudberry.database.LoadScene.column;
import static dev.kafkacloudberry.database.LoadScene.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.database.LoadTransaction.Outcome;
import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadTransactionITCase {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String EMPTY_TARGET = "id int, name text";

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();
  @AutoClose private static final PostgresProxy proxy = PostgresProxy.inFrontOf(postgres);

  private LoadScene scene;
  private Load load;
  private final CopyData twoRows = text("1\ta", "2\tb");

  @BeforeEach
  void createScene() throws SQLException {
    sceneWith(EMPTY_TARGET);
  }

  @AfterEach
  void heal() {
    proxy.heal();
    proxy.cutConnections();
  }

  private void sceneWith(String columns) throws SQLException {
    scene = LoadScene.create(postgres, columns);
    load = scene.load(2, column("id", "integer"), column("name", "text"));
  }

  @Test
  void rowsAndTheirRecordAreCommittedTogether() throws Exception {
    assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.COMMITTED);

    assertBothStored();
    assertThat(
            scene.query(
                "SELECT (sink_id, job, checkpoint, rows, bytes, rejected)::text FROM "
                    + Identifier.quote(scene.ledger().schema())
                    + ".commits"))
        .containsExactly("(sink,job,7,2,100,0)");
  }

  @Test
  void rangesAndRejectsAreStoredWithTheRows() throws Exception {
    Load all =
        LoadScene.with(
            load,
            3,
            new OffsetRange("orders", Optional.empty(), 0, 5, 9, 2, 1),
            new OffsetRange("orders", Optional.of("id"), 1, 0, 1, 0, 1));
    List<Reject> rejects =
        List.of(
            new Reject(
                Optional.of(new Place("orders", 0, 7)),
                Optional.of(new byte[] {0, -1}),
                Optional.empty(),
                "a\0b \ud800 ü",
                Optional.empty(),
                Optional.empty()),
            Reject.ofRow(Optional.empty(), "{}", new Refusal("23505", "", "", false)),
            new Reject(
                Optional.of(new Place("orders", 1, 0)),
                Optional.of(new byte[0]),
                Optional.empty(),
                "x",
                Optional.empty(),
                Optional.empty()));

    assertThat(scene.run(all, twoRows, each(rejects))).isEqualTo(Outcome.COMMITTED);

    assertBothStored();
    assertThat(ledger("(rejected, skipped)::text FROM %s.commits")).containsExactly("(3,0)");
    assertThat(
            ledger(
                "(topic, topic_id, \"partition\", from_offset, to_offset, rows, rejected)::text FROM %s.offsets ORDER BY 1"))
        .containsExactly("(orders,,0,5,9,2,1)", "(orders,id,1,0,1,0,1)");
    assertThat(
            ledger(
                "(topic, \"partition\", \"offset\", message, content, error, sqlstate)::text FROM %s.rejects WHERE sink_id = 'sink' ORDER BY 1"))
        .containsExactly(
            "(,,,,{},\"\",23505)",
            "(orders,0,7,\"\\\\x00ff\",,\"a\\\\u0000b ? ü\",)",
            "(orders,1,0,\"\\\\x\",,x,)");
  }

  @Test
  void aLoadOfRejectsOnlyDoesNotTouchTheTable() throws Exception {
    scene.execute("DROP TABLE " + scene.target().quoted());
    Load rejected =
        LoadScene.with(
            scene.typedLoad(0, column("id", "integer")),
            1,
            new OffsetRange("orders", Optional.empty(), 0, 5, 6, 0, 1));

    assertThat(
            scene.run(
                rejected,
                copy -> {
                  throw new AssertionError("asked for rows of a load that has none");
                },
                each(List.of(REJECT))))
        .isEqualTo(Outcome.COMMITTED);

    assertThat(scene.commits()).containsExactly(rejected.commitId().toString());
    assertThat(ledger("count(*) FROM %s.rejects")).containsExactly("1");
  }

  @Test
  void rejectsThatAreNotAsManyAsWereCountedLeaveNothing() throws Exception {
    SQLException failure =
        catchThrowableOfType(
            SQLException.class,
            () -> scene.run(LoadScene.with(load, 2), twoRows, each(List.of(REJECT))));

    assertThat(failure.getMessage()).contains("has 2 rejects and 1 were stored");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  private static final Reject REJECT = Reject.ofMessage(Optional.empty(), Optional.empty(), "x");

  private static RejectData each(List<Reject> rejects) {
    return consumer -> {
      for (Reject reject : rejects) {
        consumer.accept(reject);
      }
    };
  }

  private List<String> ledger(String query) throws SQLException {
    return scene.query("SELECT " + query.formatted(Identifier.quote(scene.ledger().schema())));
  }

  @Test
  void theSameLoadAgainIsAlreadyCommittedAndItsDataIsNotAskedFor() throws Exception {
    scene.run(load, twoRows);

    assertThat(
            scene.run(
                load,
                copy -> {
                  throw new AssertionError("asked for the data of a committed load");
                }))
        .isEqualTo(Outcome.ALREADY_COMMITTED);

    assertBothStored();
  }

  @Test
  void differentLoadsOfTheSameDataAreBothStored() throws Exception {
    scene.run(load, twoRows);
    Load second = scene.load(2, column("id", "integer"), column("name", "text"));

    assertThat(scene.run(second, twoRows)).isEqualTo(Outcome.COMMITTED);

    assertThat(scene.rows()).containsExactly("(1,a)", "(1,a)", "(2,b)", "(2,b)");
    assertThat(scene.commits())
        .containsExactlyInAnyOrder(load.commitId().toString(), second.commitId().toString());
  }

  @Test
  void aCutInsideTheCopyLeavesNothingAndIsTransient() throws Exception {
    proxy.inject(Moment.afterCopyData(1), Action.cut());
    assertFailsTransientlyAndLeavesNothing();
    assertTheNextRunCommits();
  }

  @Test
  void aCutWhileMuchDataIsWrittenLeavesNothingAndIsTransient() throws Exception {
    proxy.inject(Moment.afterCopyData(100_000), Action.cut());

    assertTransient(
        catchThrowableOfType(
            SQLException.class, () -> scene.run(scene.settings(proxy), load, endless(), SOON)));

    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertNothingStored();
  }

  @Test
  void aRefusalWhileMuchDataIsWrittenFailsForGood() throws Exception {
    scene.alterTarget("ADD UNIQUE (id)");
    load = scene.load(1_000_000, column("id", "integer"), column("name", "text"));

    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> scene.run(load, much(1_000_000)));

    assertThat(failure.getSQLState()).isEqualTo("23505");
    assertNothingStored();
  }

  @Test
  void aCutBeforeTheEndOfTheCopyLeavesNothingAndIsTransient() throws Exception {
    proxy.inject(Moment.beforeCopyDone(), Action.cut());
    assertFailsTransientlyAndLeavesNothing();
    assertTheNextRunCommits();
  }

  @Test
  void aCutBeforeTheCommitReachesTheServerLeavesNothingAndIsTransient() throws Exception {
    proxy.inject(Moment.beforeCommit(), Action.cut());
    assertFailsTransientlyAndLeavesNothing();
    assertTheNextRunCommits();
  }

  @Test
  void aCommitInDoubtIsTransientAndTheNextRunFindsItCommitted() throws Exception {
    Fault fault = proxy.inject(Moment.afterCommit(), Action.cut());

    assertTransient(failure(scene.settings(proxy), SOON));

    assertThat(fault.fired()).isOne();
    assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.ALREADY_COMMITTED);
    assertBothStored();
  }

  @Test
  void aServerThatDiesInsideTheCopyIsTransientAndLeavesNothing() throws Exception {
    proxy.inject(
        Moment.beforeCopyDone(),
        Action.run(
            () -> {
              try {
                scene.query(
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
                        + " WHERE application_name = '"
                        + LoadTransaction.applicationName(load)
                        + "'");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }));
    assertFailsTransientlyAndLeavesNothing();
    assertTheNextRunCommits();
  }

  @Test
  void aSuccessorEndsAnAttemptThatFrozeInsideItsCopy() throws Exception {
    Fault pause = proxy.inject(Moment.afterCopyData(1), Action.pause());
    CompletableFuture<Outcome> zombie = runInBackground(scene.settings(proxy));
    pause.awaitFired(SOON);
    assertThat(scene.sessions(load)).hasSize(1);

    SQLException failure = failure(scene.settings(), SHORT);

    assertThat(failure.getSQLState()).isEqualTo("55P03");
    assertTransient(failure);
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertNothingStored();
    assertTheNextRunCommits();

    pause.release();
    assertThatThrownBy(zombie::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(SQLException.class)
        .satisfies(e -> assertTransient((SQLException) e.getCause()));
    assertBothStored();
  }

  @Test
  void aSuccessorWaitsForAnAttemptThatIsAboutToCommit() throws Exception {
    Fault pause = proxy.inject(Moment.beforeCommit(), Action.pause());
    CompletableFuture<Outcome> first = runInBackground(scene.settings(proxy));
    pause.awaitFired(SOON);
    CompletableFuture<Outcome> second = runInBackground(scene.settings());
    await()
        .atMost(SOON)
        .until(
            () ->
                scene
                    .query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'")
                    .size(),
            waiting -> waiting == 1);

    pause.release();

    assertThat(first.get()).isEqualTo(Outcome.COMMITTED);
    assertThat(second.get()).isEqualTo(Outcome.ALREADY_COMMITTED);
    assertBothStored();
  }

  @Test
  void dataThatCannotBeReadLeavesNothing() throws Exception {
    IOException cause = new IOException("the storage is gone");

    assertThatThrownBy(
            () ->
                scene.run(
                    load,
                    copy -> {
                      copy.write("1\ta\n".getBytes(UTF_8));
                      throw cause;
                    }))
        .isSameAs(cause);

    assertNothingStored();
  }

  @Test
  void aDefectInTheDataSourceLeavesNothing() throws Exception {
    assertThatThrownBy(
            () ->
                scene.run(
                    load,
                    copy -> {
                      copy.write("1\ta\n".getBytes(UTF_8));
                      throw new IllegalStateException("defect");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("defect");

    assertNothingStored();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id int, name text, UNIQUE (name)  | 23505",
        "id int CHECK (id < 2), name text  | 23514",
        "id int, name varchar(1)           | 22001",
        "id int, name date                 | 22007",
        "id smallint, name text            | 22003",
      })
  void rowsThatTheDatabaseRefusesFailForGood(String columns, String state) throws Exception {
    sceneWith(columns);

    SQLException failure =
        catchThrowableOfType(
            SQLException.class, () -> scene.run(load, text("1\ttrue", "70000\ttrue")));

    assertThat(failure.getSQLState()).isEqualTo(state);
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  @Test
  void aNullThatTheDatabaseRefusesFailsForGood() throws Exception {
    sceneWith("id int, name text NOT NULL");

    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> scene.run(load, text("1\ta", "2\t\\N")));

    assertThat(failure.getMessage()).contains("\"name\"");
    assertThat(failure.getSQLState()).isEqualTo("23502");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALTER id TYPE bigint            | column 'id' was integer and is bigint",
        "ALTER name TYPE varchar(10)     | column 'name' was text and is character varying(10)",
        "DROP name                       | column 'name' was text and is missing",
        "RENAME name TO other            | column 'name' was text and is missing",
      })
  void aTypedLoadIntoAChangedTableIsRefusedBeforeAnyData(String change, String message)
      throws Exception {
    Load typed = scene.typedLoad(2, column("id", "integer"), column("name", "text"));
    scene.alterTarget(change);

    SQLException failure =
        catchThrowableOfType(
            SQLException.class,
            () ->
                scene.run(
                    typed,
                    copy -> {
                      throw new AssertionError("asked for the data of a refused load");
                    }));

    assertThat(failure.getMessage()).contains(message, "savepoint");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  @Test
  void everyChangedColumnIsNamed() throws Exception {
    Load typed = scene.typedLoad(2, column("id", "integer"), column("name", "text"));
    scene.alterTarget("ALTER id TYPE bigint, DROP name");

    assertThatThrownBy(() -> scene.run(typed, twoRows))
        .hasMessageContaining("'id' was integer and is bigint; column 'name' was text and is");
  }

  @Test
  void aTypedLoadIntoAnUnchangedTableIsStored() throws Exception {
    Load typed = scene.typedLoad(2, column("id", "integer"), column("name", "text"));
    scene.alterTarget("ADD other date DEFAULT '2026-01-01'");

    assertThat(scene.run(typed, twoRows)).isEqualTo(Outcome.COMMITTED);

    assertThat(scene.rows()).containsExactly("(1,a,2026-01-01)", "(2,b,2026-01-01)");
    assertThat(scene.commits()).containsExactly(typed.commitId().toString());
  }

  @Test
  void anUntypedLoadFollowsAColumnToItsNewType() throws Exception {
    scene.alterTarget("ALTER id TYPE bigint, ALTER name TYPE varchar(10)");

    assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.COMMITTED);

    assertBothStored();
  }

  @Test
  void aTriggerThatSwallowsRowsIsRefused() throws Exception {
    scene.execute(
        """
        CREATE FUNCTION %1$s.swallow() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RETURN CASE WHEN NEW.id = 1 THEN NEW END; END $$;
        CREATE TRIGGER swallow BEFORE INSERT ON %2$s FOR EACH ROW
          EXECUTE FUNCTION %1$s.swallow()
        """
            .formatted(Identifier.quote(scene.target().schema()), scene.target().quoted()));

    SQLException failure = catchThrowableOfType(SQLException.class, () -> scene.run(load, twoRows));

    assertThat(failure.getMessage()).contains("1 of 2 rows", scene.target().toString(), "trigger");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  @Test
  void aReplicatedTableMayCountItsRowsOnceForEachSegment() throws Exception {
    Load halfTheRows = scene.load(1, column("id", "integer"), column("name", "text"));
    scene.execute(
        """
        SET allow_system_table_mods = on;
        CREATE TABLE pg_catalog.gp_distribution_policy (localoid oid, numsegments int, policytype "char");
        INSERT INTO pg_catalog.gp_distribution_policy VALUES ('%s'::regclass, 2, 'r')
        """
            .formatted(scene.target().quoted()));
    try {
      assertThat(scene.run(halfTheRows, twoRows)).isEqualTo(Outcome.COMMITTED);
    } finally {
      scene.execute(
          "SET allow_system_table_mods = on; DROP TABLE pg_catalog.gp_distribution_policy");
    }
  }

  @Test
  void timeoutsOfTheRoleDoNotEndALoad() throws Exception {
    scene.execute("ALTER ROLE postgres SET statement_timeout = 1");
    try {
      assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.COMMITTED);
    } finally {
      scene.execute("SET statement_timeout = 0; ALTER ROLE postgres RESET statement_timeout");
    }
  }

  @Test
  void anAcknowledgedCommitIsOnDiskWhateverTheRoleIsSetTo() throws Exception {
    scene.execute(
        """
        CREATE TABLE %1$s.seen (setting text);
        CREATE FUNCTION %1$s.look() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO %1$s.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
        CREATE TRIGGER look AFTER INSERT ON %2$s EXECUTE FUNCTION %1$s.look();
        ALTER ROLE postgres SET synchronous_commit = off
        """
            .formatted(Identifier.quote(scene.target().schema()), scene.target().quoted()));
    try {
      scene.run(load, twoRows);
      assertThat(
              scene.query(
                  "SELECT setting FROM " + Identifier.quote(scene.target().schema()) + ".seen"))
          .containsExactly("on");
    } finally {
      scene.execute("ALTER ROLE postgres RESET synchronous_commit");
    }
  }

  @Test
  void aTableLockedByAnotherSessionFailsTheLoadAfterTheLockTimeout() throws Exception {
    try (Connection other = postgres.connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("LOCK TABLE " + scene.target().quoted() + " IN ACCESS EXCLUSIVE MODE");

      for (boolean typed : new boolean[] {false, true}) {
        load = scene.load(scene.target(), 2, "FORMAT text", typed, column("id", "integer"));
        SQLException failure = failure(scene.settings(), SHORT);
        assertThat(failure.getSQLState()).isEqualTo("55P03");
        assertTransient(failure);
      }
      other.rollback();
    }
    assertNothingStored();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"Orders", "or\"ders", "a.b", "select", "订单", "sp ace"})
  void anyNameOfTableAndColumnIsLoaded(String name) throws Exception {
    TableName table = new TableName(scene.target().schema(), name);
    scene.execute(
        "CREATE TABLE " + table.quoted() + " (" + Identifier.quote("Id " + name) + " int)");
    for (boolean typed : new boolean[] {false, true}) {
      load = scene.load(table, 1, "FORMAT text", typed, column("Id " + name, "integer"));
      assertThat(scene.run(load, text("5"))).isEqualTo(Outcome.COMMITTED);
    }

    assertThat(scene.query("SELECT * FROM " + table.quoted())).containsExactly("5", "5");
    assertThat(scene.commits()).hasSize(2);
  }

  @Test
  void aPartitionedTableIsLoaded() throws Exception {
    TableName table = new TableName(scene.target().schema(), "partitioned");
    scene.execute(
        """
        CREATE TABLE %1$s (id int, name text) PARTITION BY RANGE (id);
        CREATE TABLE %2$s.low PARTITION OF %1$s FOR VALUES FROM (0) TO (2);
        CREATE TABLE %2$s.high PARTITION OF %1$s FOR VALUES FROM (2) TO (4)
        """
            .formatted(table.quoted(), Identifier.quote(table.schema())));
    load =
        scene.load(table, 2, "FORMAT text", true, column("id", "integer"), column("name", "text"));

    assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.COMMITTED);

    assertThat(
            scene.query("SELECT tableoid::regclass || name FROM " + table.quoted() + " ORDER BY 1"))
        .satisfiesExactly(
            row -> assertThat(row).endsWith("high" + "b"), row -> assertThat(row).endsWith("lowa"));
    assertThat(scene.commits()).containsExactly(load.commitId().toString());
  }

  @Test
  void aRowOutsideOfEveryPartitionFailsForGood() throws Exception {
    TableName table = new TableName(scene.target().schema(), "partitioned");
    scene.execute("CREATE TABLE " + table.quoted() + " (id int) PARTITION BY RANGE (id)");
    load = scene.load(table, 1, "FORMAT text", true, column("id", "integer"));

    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> scene.run(load, text("1")));

    assertThat(failure.getSQLState()).isEqualTo("23514");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertNothingStored();
  }

  @Test
  void binaryDataIsLoaded() throws Exception {
    Load binary =
        scene.load(
            scene.target(),
            1,
            "FORMAT binary",
            true,
            column("name", "text"),
            column("id", "integer"));

    assertThat(scene.run(binary, LoadTransactionITCase::writeBinary)).isEqualTo(Outcome.COMMITTED);

    assertThat(scene.rows()).containsExactly("(258,x)");
    assertThat(scene.commits()).containsExactly(binary.commitId().toString());
  }

  private static CopyData endless() {
    return much(Integer.MAX_VALUE);
  }

  private static CopyData much(int rows) {
    byte[] thousand = "1\ta\n".repeat(1000).getBytes(UTF_8);
    return copy -> {
      for (int i = 0; i < rows / 1000; i++) {
        copy.write(thousand);
      }
    };
  }

  private static void writeBinary(OutputStream copy) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(bytes);
    data.write("PGCOPY\n\377\r\n\0".getBytes(ISO_8859_1));
    data.writeInt(0);
    data.writeInt(0);
    data.writeShort(2);
    data.writeInt(1);
    data.write('x');
    data.writeInt(4);
    data.writeInt(258);
    data.writeShort(-1);
    for (byte b : bytes.toByteArray()) {
      copy.write(b);
    }
  }

  private CompletableFuture<Outcome> runInBackground(ConnectionSettings settings) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return scene.run(settings, load, twoRows, SOON);
          } catch (SQLException | IOException e) {
            throw new CompletionException(e);
          }
        });
  }

  private SQLException failure(ConnectionSettings settings, Duration lockTimeout) {
    return catchThrowableOfType(
        SQLException.class, () -> scene.run(settings, load, twoRows, lockTimeout));
  }

  private void assertFailsTransientlyAndLeavesNothing() throws SQLException {
    assertTransient(failure(scene.settings(proxy), SOON));
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertNothingStored();
  }

  private void assertTheNextRunCommits() throws Exception {
    assertThat(scene.run(load, twoRows)).isEqualTo(Outcome.COMMITTED);
    assertBothStored();
  }

  private void assertBothStored() throws SQLException {
    assertThat(scene.rows()).containsExactly("(1,a)", "(2,b)");
    assertThat(scene.commits()).containsExactly(load.commitId().toString());
  }

  private void assertNothingStored() throws SQLException {
    assertThat(scene.rows()).isEmpty();
    assertThat(scene.commits()).isEmpty();
  }

  private static void assertTransient(SQLException failure) {
    assertThat((Throwable) failure).isNotNull();
    assertThat(FailureCategory.of(failure))
        .as(failure.toString())
        .isEqualTo(FailureCategory.TRANSIENT);
  }
}

package dev.kafkacloudberry.database;

import static dev.kafkacloudberry.database.LoadScene.column;
import static dev.kafkacloudberry.database.LoadScene.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkacloudberry.database.LoadTransaction.Outcome;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

class LedgerITCase {

  private static final Duration RETENTION = Duration.ofDays(30);

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();

  private LoadScene scene;
  private String schema;

  @BeforeEach
  void createScene() throws SQLException {
    scene = LoadScene.create(postgres, "id int");
    schema = Identifier.quote(scene.ledger().schema());
  }

  @Test
  void manyJobsCreateItAtTheSameMoment() throws Exception {
    int jobs = 8;
    Ledger ledger = new Ledger("ledger " + UUID.randomUUID());
    CountDownLatch connected = new CountDownLatch(jobs);
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<Boolean>> created = new ArrayList<>();
      for (int job = 0; job < jobs; job++) {
        created.add(
            threads.submit(
                () -> {
                  try (Connection connection = postgres.connect()) {
                    connected.countDown();
                    connected.await();
                    ledger.ensureExists(connection);
                    return ledger.contains(connection, UUID.randomUUID());
                  }
                }));
      }
      for (Future<Boolean> one : created) {
        assertThat(one.get(30, TimeUnit.SECONDS)).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void creatingItAgainKeepsItsRecordsAndTheModeOfTheConnection() throws Exception {
    UUID commit = insertCommit("sink", 1, "1 day");

    try (Connection connection = postgres.connect()) {
      for (boolean autoCommit : new boolean[] {false, true}) {
        connection.setAutoCommit(autoCommit);
        scene.ledger().ensureExists(connection);
        assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
        assertThat(scene.ledger().contains(connection, commit)).isTrue();
        assertThat(scene.ledger().contains(connection, UUID.randomUUID())).isFalse();
      }
    }
  }

  @Test
  void aSchemaIsNamedAsItIsWritten() throws Exception {
    LoadScene other =
        new LoadScene(postgres, scene.target(), new Ledger("Import \"of\" kafka_import; 'x'"));
    Load load = other.load(1, column("id", "integer"));

    try (Connection connection = postgres.connect()) {
      other.ledger().ensureExists(connection);
    }
    assertThat(other.run(load, text("1"))).isEqualTo(Outcome.COMMITTED);

    assertThat(other.commits()).containsExactly(load.commitId().toString());
    assertThat(scene.commits()).isEmpty();
    assertThat(scene.rows()).containsExactly("(1)");
  }

  @Test
  void aRoleThatMayNotCreateItIsToldWhoCan() throws Exception {
    try (Connection connection = connectAs("creator")) {
      SQLException failure =
          catchThrowableOfType(
              SQLException.class, () -> new Ledger("not_there").ensureExists(connection));

      assertThat(failure.getMessage())
          .contains("schema 'not_there'", "sql/database/ledger_postgresql.sql", "owner");
      assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    }
  }

  @Test
  void aRoleThatMayNotUseItIsToldWhatToGrant() throws Exception {
    String ledger = Identifier.quote(scene.ledger().schema());
    try (Connection connection = connectAs("stranger")) {
      SQLException unseen =
          catchThrowableOfType(SQLException.class, () -> scene.ledger().ensureExists(connection));
      scene.execute("GRANT USAGE ON SCHEMA " + ledger + " TO stranger");
      SQLException unwritten =
          catchThrowableOfType(
              SQLException.class,
              () -> scene.ledger().record(connection, scene.load(1, column("id", "integer"))));

      assertThat(unseen.getMessage()).contains("sql/database/ledger_postgresql.sql", "GRANTs");
      assertThat(unwritten.getMessage())
          .contains("GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA " + ledger);
    }
  }

  @Test
  void aLoadIntoALedgerThatSomebodyRemovedExplainsItselfAndStoresNothing() throws Exception {
    Load load = scene.load(1, column("id", "integer"));
    scene.execute("DROP SCHEMA " + schema + " CASCADE");

    SQLException failure =
        catchThrowableOfType(SQLException.class, () -> scene.run(load, text("1")));

    assertThat(failure.getMessage())
        .contains("'" + scene.ledger().schema() + "'", "removed", "restart");
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
    assertThat(scene.rows()).isEmpty();
  }

  @Test
  void onlyRecordsOlderThanTheRetentionAreRemoved() throws Exception {
    insertCommit("sink", 1, "31 days");
    insertCommit("sink", 1, "30 days 1 hour");
    UUID young = insertCommit("sink", 1, "29 days 23 hours");
    UUID ofAnotherSink = insertCommit("other", 1, "31 days");

    assertThat(prune()).isEqualTo(2);

    assertThat(scene.commits())
        .containsExactlyInAnyOrder(young.toString(), ofAnotherSink.toString());
    assertThat(prune()).isZero();
  }

  @Test
  void aRoleWithTheRightsThatItsFileNamesRemovesRecords() throws Exception {
    insertCommit("sink", 1, "31 days");
    try (Connection connection = connectAs("cleaner")) {
      scene.execute(
          "GRANT USAGE ON SCHEMA %1$s TO cleaner; GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA %1$s TO cleaner"
              .formatted(schema));

      assertThat(scene.ledger().prune(connection, "sink", RETENTION)).isOne();
    }
    assertThat(scene.commits()).isEmpty();
  }

  @Test
  @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
  void nothingIsRemovedNorWaitedForWhileACommitIsUnderWay() throws Exception {
    UUID old = insertCommit("sink", 1, "31 days");
    try (Connection committing = postgres.connect()) {
      committing.setAutoCommit(false);
      Load load = scene.load(1, column("id", "integer"));
      assertThat(scene.ledger().record(committing, load)).isTrue();

      assertThat(prune()).isZero();

      committing.commit();
      assertThat(scene.commits())
          .containsExactlyInAnyOrder(old.toString(), load.commitId().toString());
    }
    assertThat(prune()).isOne();
  }

  @Test
  void progressHasOneLineForASinkThatKnowsNoOffsets() throws Exception {
    insertCommit("a", 3, "2 days");
    insertCommit("a", 4, "1 day");
    insertCommit("b", 5, "1 day");

    assertThat(progress()).containsExactly("(a,,,,7,0)", "(b,,,,5,0)");
    assertThat(
            scene.query(
                "SELECT (last_commit = max(committed_at))::text FROM %1$s.progress JOIN %1$s.commits USING (sink_id) GROUP BY sink_id, last_commit"
                    .formatted(schema)))
        .containsExactly("true", "true");
  }

  @Test
  void progressHasOneLineForEachPartitionWhoseOffsetsAreKnown() throws Exception {
    UUID first = insertCommit("a", 9, "2 days");
    UUID second = insertCommit("a", 4, "1 day");
    insertOffsets(first, "orders", 0, 0, 5, 4, 1);
    insertOffsets(first, "orders", 1, 100, 105, 5, 0);
    insertOffsets(second, "orders", 0, 5, 8, 3, 0);
    insertOffsets(second, "refunds", 0, 0, 1, 1, 0);

    assertThat(progress())
        .containsExactly("(a,orders,0,8,7,1)", "(a,orders,1,105,5,0)", "(a,refunds,0,1,1,0)");
  }

  private UUID insertCommit(String sink, long rows, String age) throws SQLException {
    UUID id = UUID.randomUUID();
    scene.execute(
        "INSERT INTO %s.commits VALUES ('%s', '%s', 'job', 1, now() - interval '%s', %d, 10)"
            .formatted(schema, id, sink, age, rows));
    return id;
  }

  private void insertOffsets(
      UUID commit, String topic, int partition, long from, long to, long rows, long rejected)
      throws SQLException {
    scene.execute(
        "INSERT INTO %s.offsets (commit_id, sink_id, topic, \"partition\", from_offset, to_offset, rows, rejected) VALUES ('%s', 'a', '%s', %d, %d, %d, %d, %d)"
            .formatted(schema, commit, topic, partition, from, to, rows, rejected));
  }

  private List<String> progress() throws SQLException {
    return scene.query(
        "SELECT (sink_id, topic, \"partition\", next_offset, rows, rejects)::text FROM "
            + schema
            + ".progress ORDER BY 1");
  }

  private int prune() throws SQLException {
    try (Connection connection = postgres.connect()) {
      int removed = scene.ledger().prune(connection, "sink", RETENTION);
      assertThat(connection.getAutoCommit()).isTrue();
      return removed;
    }
  }

  private static Connection connectAs(String role) throws SQLException {
    Connection connection = postgres.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + role);
      statement.execute("SET SESSION AUTHORIZATION " + role);
    }
    return connection;
  }
}

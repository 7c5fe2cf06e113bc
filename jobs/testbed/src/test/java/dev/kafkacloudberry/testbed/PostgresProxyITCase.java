package dev.kafkacloudberry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

class PostgresProxyITCase {
  private static final Duration SOON = Duration.ofSeconds(10);

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();
  @AutoClose private static final PostgresProxy proxy = PostgresProxy.inFrontOf(postgres);

  @BeforeEach
  void createTable() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS t (n int PRIMARY KEY)");
      statement.execute("TRUNCATE t");
    }
  }

  @AfterEach
  void heal() {
    proxy.heal();
    proxy.cutConnections();
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void aCutBeforeCommitLosesTheTransaction(String queryMode) throws SQLException {
    try (Connection connection = connect(queryMode)) {
      insertAndCommit(connection, 1);
      Fault fault = proxy.inject(Moment.beforeCommit(), Action.cut());

      assertThatThrownBy(() -> insertAndCommit(connection, 2)).isInstanceOf(SQLException.class);

      assertThat(fault.fired()).isOne();
    }
    awaitNoOtherSession();
    assertThat(rows()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended", "extendedForPrepared", "extendedCacheEverything"})
  void aCutAfterCommitLeavesTheClientInDoubtAndTheRowsThere(String queryMode) throws SQLException {
    try (Connection connection = connect(queryMode)) {
      Fault fault = proxy.inject(Moment.afterCommit(), Action.cut());

      assertThatThrownBy(() -> insertAndCommit(connection, 1))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).startsWith("08"));

      assertThat(fault.fired()).isOne();
    }
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void aStatementPreparedLongBeforeIsRecognised() throws SQLException {
    try (Connection connection = connect("extended");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      connection.setAutoCommit(true);
      // From its fifth execution on the driver only names the statement.
      for (int n = 1; n <= 10; n++) {
        insert.setInt(1, n);
        insert.execute();
      }
      proxy.inject(Moment.before("INSERT INTO t"), Action.cut());
      insert.setInt(1, 11);
      assertThatThrownBy(insert::execute).isInstanceOf(SQLException.class);
    }
    assertThat(rows()).isEqualTo("10");
  }

  @Test
  void aFaultFiresAsOftenAsItIsTold() throws SQLException {
    Fault fault = proxy.inject(Moment.before("SELECT 42"), Action.cut(), 2);
    for (int attempt = 0; attempt < 2; attempt++) {
      try (Connection connection = connect("extended")) {
        assertThatThrownBy(() -> query(connection, "SELECT 42")).isInstanceOf(SQLException.class);
      }
    }
    try (Connection connection = connect("extended")) {
      assertThat(query(connection, "SELECT 42")).isEqualTo("42");
    }
    assertThat(fault.fired()).isEqualTo(2);
  }

  @Test
  void afterAFailedStatementNothingFires() throws SQLException {
    Fault fault = proxy.inject(Moment.after("no_such_table"), Action.cut());
    try (Connection connection = connect("extended")) {
      assertThatThrownBy(() -> query(connection, "SELECT 1 FROM no_such_table"))
          .hasMessageContaining("does not exist");
      connection.rollback();
      assertThat(query(connection, "SELECT 1")).isEqualTo("1");
    }
    assertThat(fault.fired()).isZero();
  }

  @Test
  void aCutWithinACopyLeavesNoRow() throws SQLException {
    Fault fault = proxy.inject(Moment.afterCopyData(200_000), Action.cut());
    assertThatThrownBy(() -> copyThroughProxy(100_000)).isInstanceOf(Exception.class);
    assertThat(fault.fired()).isOne();
    awaitNoOtherSession();
    assertThat(rows()).isEqualTo("0");
  }

  @Test
  void aCutBeforeTheEndOfACopyLeavesNoRow() throws SQLException {
    Fault fault = proxy.inject(Moment.beforeCopyDone(), Action.cut());
    assertThatThrownBy(() -> copyThroughProxy(10)).isInstanceOf(Exception.class);
    assertThat(fault.fired()).isOne();
    awaitNoOtherSession();
    assertThat(rows()).isEqualTo("0");
  }

  @Test
  void afterACopyItIsDoneAndItsTransactionOpen() throws Exception {
    AtomicReference<String> session = new AtomicReference<>();
    proxy.inject(Moment.after("COPY t"), Action.run(() -> session.set(sessionThroughProxy())));

    copyThroughProxy(10);

    assertThat(session).hasValue("COPY t FROM STDIN: idle in transaction");
    assertThat(rows()).isEqualTo("10");
  }

  @Test
  void aPausedCommitHappensWhenItIsReleased() throws SQLException {
    Fault fault = proxy.inject(Moment.beforeCommit(), Action.pause());
    try (Connection connection = connect("extended")) {
      CompletableFuture<Void> commit =
          CompletableFuture.runAsync(
              () -> {
                try {
                  insertAndCommit(connection, 1);
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      fault.awaitFired(SOON);
      assertThat(commit).isNotDone();
      assertThat(rows()).isEqualTo("0");

      fault.release();

      assertThat(commit).succeedsWithin(SOON);
    }
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void aCutClientLeavesItsSessionAndItsLocksOnTheServer() throws SQLException {
    Fault fault = proxy.inject(Moment.beforeCommit(), Action.cutClient());
    try (Connection connection = connect("extended")) {
      assertThatThrownBy(() -> insertAndCommit(connection, 1)).isInstanceOf(SQLException.class);
    }
    assertThat(fault.fired()).isOne();
    assertThatThrownBy(
            () -> {
              try (Connection other = postgres.connect()) {
                other.setAutoCommit(false);
                query(other, "SET lock_timeout = '100ms'; LOCK TABLE t; SELECT 1");
              }
            })
        .hasMessageContaining("lock timeout");

    proxy.cutConnections();
    awaitNoOtherSession();
  }

  @Test
  void aCallbackActsAndTheConnectionIsCut() throws SQLException {
    AtomicLong calls = new AtomicLong();
    proxy.inject(Moment.before("SELECT 42"), Action.run(calls::incrementAndGet).thenCut());
    try (Connection connection = connect("extended")) {
      assertThatThrownBy(() -> query(connection, "SELECT 42")).isInstanceOf(SQLException.class);
    }
    assertThat(calls).hasValue(1);
  }

  @Test
  void refusedConnectionsFailUntilTheyAreAcceptedAgain() throws SQLException {
    proxy.refuseConnections();
    assertThatThrownBy(() -> connect("extended")).isInstanceOf(SQLException.class);

    proxy.acceptConnections();
    try (Connection connection = connect("extended")) {
      assertThat(query(connection, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aCancelRequestReachesTheServer() throws SQLException {
    try (Connection connection = connect("extended");
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
          .hasMessageContaining("canceling statement");
    }
  }

  @Test
  void closeLeavesNoThread() throws SQLException {
    PostgresProxy other = PostgresProxy.inFrontOf(postgres);
    try (Connection connection = connect(other, "extended")) {
      proxy.cutConnections();
      other.close();
      assertThatThrownBy(() -> query(connection, "SELECT 1")).isInstanceOf(SQLException.class);
    }
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .filteredOn(name -> name.startsWith("postgres-proxy"))
                    .containsExactly("postgres-proxy-accept"));
  }

  private static Connection connect(String queryMode) throws SQLException {
    return connect(proxy, queryMode);
  }

  private static Connection connect(PostgresProxy through, String queryMode) throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, postgres.username());
    PGProperty.PASSWORD.set(properties, postgres.password());
    PGProperty.PREFER_QUERY_MODE.set(properties, queryMode);
    PGProperty.APPLICATION_NAME.set(properties, "through-proxy");
    Connection connection = new Driver().connect(through.url(), properties);
    connection.setAutoCommit(false);
    return connection;
  }

  private static void insertAndCommit(Connection connection, int n) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setInt(1, n);
      insert.executeUpdate();
    }
    connection.commit();
  }

  private static void copyThroughProxy(int rows) throws Exception {
    String lines = IntStream.range(0, rows).mapToObj(n -> n + "\n").collect(Collectors.joining());
    try (Connection connection = connect("extended")) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY t FROM STDIN", new ByteArrayInputStream(lines.getBytes(UTF_8)));
      connection.commit();
    }
  }

  /** A server notices that its client is gone a moment later. */
  private static void awaitNoOtherSession() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        queryDirectly(
                            "SELECT count(*) FROM pg_stat_activity"
                                + " WHERE application_name = 'through-proxy'"))
                    .isEqualTo("0"));
  }

  private static String sessionThroughProxy() {
    return queryDirectly(
        "SELECT query || ': ' || state FROM pg_stat_activity"
            + " WHERE application_name = 'through-proxy'");
  }

  private static String rows() {
    return queryDirectly("SELECT count(*) FROM t");
  }

  private static String queryDirectly(String sql) {
    try (Connection connection = postgres.connect()) {
      return query(connection, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}

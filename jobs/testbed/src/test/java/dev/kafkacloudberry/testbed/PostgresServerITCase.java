package dev.kafkacloudberry.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PostgresServerITCase {
  @AutoClose private static final PostgresServer postgres = PostgresServer.start();

  @Test
  void isPostgres14InUtf8() {
    assertThat(query("SHOW server_version")).startsWith("14.");
    assertThat(query("SHOW server_encoding")).isEqualTo("UTF8");
    assertThat(query("SELECT length('中文🐘')")).isEqualTo("3");
  }

  @Test
  void wrongPasswordIsRefused() {
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(
                        () ->
                            DriverManager.getConnection(
                                postgres.url(), postgres.username(), "wrong"))
                    .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01")));
  }

  @Test
  void stopRefusesConnectionsAndRestartKeepsPortAndData() throws SQLException {
    String url = postgres.url();
    execute("CREATE TABLE kept AS SELECT 42 AS answer");

    postgres.stop();
    assertThatThrownBy(postgres::connect).isInstanceOf(SQLException.class);
    postgres.restart();

    assertThat(postgres.url()).isEqualTo(url);
    assertThat(query("SELECT answer FROM kept")).isEqualTo("42");
  }

  @Test
  void theFirstStopKeepsTheDataToo() throws SQLException {
    try (PostgresServer fresh = PostgresServer.start()) {
      try (Connection connection = fresh.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE kept ()");
      }
      fresh.stop();
      fresh.restart();
      try (Connection connection = fresh.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("DROP TABLE kept");
      }
    }
  }

  @Test
  void killBreaksSessionsAndRestartRecoversWhatWasCommitted() throws SQLException {
    execute("CREATE TABLE crashed (n int)");
    execute("CREATE UNLOGGED TABLE unlogged AS SELECT 1");
    try (Connection open = postgres.connect();
        Statement uncommitted = open.createStatement()) {
      execute("INSERT INTO crashed VALUES (1)");
      open.setAutoCommit(false);
      uncommitted.execute("INSERT INTO crashed VALUES (2)");

      postgres.kill();

      assertThatThrownBy(open::commit).isInstanceOf(SQLException.class);
    }
    postgres.restart();
    assertThat(query("SELECT string_agg(n::text, ',') FROM crashed")).isEqualTo("1");
    // Recovery empties unlogged tables, an orderly shutdown does not.
    assertThat(query("SELECT count(*) FROM unlogged")).isEqualTo("0");
  }

  @Test
  void pauseStallsAQueryUntilResume() throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      postgres.pause();
      CompletableFuture<Boolean> answer =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return statement.execute("SELECT 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      try {
        await()
            .during(Duration.ofMillis(300))
            .atMost(Duration.ofSeconds(5))
            .until(() -> !answer.isDone());
      } finally {
        postgres.resume();
      }
      assertThat(answer).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }
  }

  @Test
  void closeLeavesNeitherProcessNorData() throws SQLException {
    PostgresServer other = PostgresServer.start();
    String data;
    try (Connection connection = other.connect()) {
      data = query(connection, "SHOW data_directory");
    }
    ProcessHandle postmaster = PostgresProcesses.of(Path.of(data)).postmaster();
    other.pause();

    other.close();

    await().until(() -> !postmaster.isAlive());
    assertThat(Path.of(data).getParent()).doesNotExist();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(String sql) {
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

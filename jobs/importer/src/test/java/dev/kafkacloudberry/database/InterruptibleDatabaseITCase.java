package dev.kafkacloudberry.database;

import static dev.kafkacloudberry.database.LoadScene.column;
import static dev.kafkacloudberry.database.LoadScene.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.database.LoadTransaction.Outcome;
import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Moment;
import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InterruptibleDatabaseITCase {

  private static final Duration SOON = Duration.ofSeconds(10);

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();
  @AutoClose private static final PostgresProxy proxy = PostgresProxy.inFrontOf(postgres);

  private LoadScene scene;
  private Load load;
  @AutoClose private InterruptibleDatabase database;

  @BeforeEach
  void createScene() throws SQLException {
    scene = LoadScene.create(postgres, "id int");
    load = scene.load(1, column("id", "integer"));
    database = new InterruptibleDatabase(scene.settings(proxy), "under test");
  }

  @AfterEach
  void heal() {
    proxy.heal();
    proxy.cutConnections();
  }

  @Test
  void anInterruptInsideTheCopyEndsItAtOnceAndTheServerRollsBack() throws Exception {
    Fault pause = proxy.inject(Moment.afterCopyData(1), Action.pause());
    Caller caller = new Caller();
    pause.awaitFired(SOON);

    caller.thread.interrupt();

    caller.awaitFailure(InterruptedException.class);
    pause.release();
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertThat(scene.rows()).isEmpty();
    assertThat(scene.commits()).isEmpty();
  }

  @Test
  void anInterruptWhileItConnectsEndsItAtOnce() throws Exception {
    postgres.pause();
    try {
      Caller caller = new Caller();
      await().atMost(SOON).until(() -> caller.thread.getState() == Thread.State.WAITING);

      caller.thread.interrupt();

      caller.awaitFailure(InterruptedException.class);
    } finally {
      postgres.resume();
    }
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertThat(scene.commits()).isEmpty();
  }

  @Test
  void afterAnInterruptTheNextCallWorks() throws Exception {
    Fault pause = proxy.inject(Moment.afterCopyData(1), Action.pause());
    Caller caller = new Caller();
    pause.awaitFired(SOON);
    caller.thread.interrupt();
    caller.awaitFailure(InterruptedException.class);
    proxy.heal();

    assertThat(run()).isEqualTo(Outcome.COMMITTED);

    assertThat(scene.rows()).containsExactly("(1)");
    assertThat(scene.commits()).containsExactly(load.commitId().toString());
  }

  @Test
  void closingEndsWhatRuns() throws Exception {
    Fault pause = proxy.inject(Moment.afterCopyData(1), Action.pause());
    Caller caller = new Caller();
    pause.awaitFired(SOON);

    database.close();

    caller.awaitFailure(SQLException.class);
    pause.release();
    await().atMost(SOON).untilAsserted(() -> assertThat(scene.sessions(load)).isEmpty());
    assertThat(scene.rows()).isEmpty();
    assertThat(scene.commits()).isEmpty();
  }

  @Test
  void failuresOfTheWorkComeAsTheyAre() {
    SQLException ofDatabase = new SQLException("refused", "23505");
    IOException ofStorage = new IOException("unreadable");
    IllegalStateException defect = new IllegalStateException("defect");
    AssertionError error = new AssertionError("error");

    assertThatThrownBy(() -> failWith(ofDatabase)).isSameAs(ofDatabase);
    assertThatThrownBy(() -> failWith(ofStorage)).isSameAs(ofStorage);
    assertThatThrownBy(() -> failWith(defect)).isSameAs(defect);
    assertThatThrownBy(() -> failWith(error)).isSameAs(error);
  }

  @Test
  void aServerThatCannotBeReachedFailsTransiently() {
    proxy.refuseConnections();

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(FailureCategory.of(e)).isEqualTo(FailureCategory.TRANSIENT));
  }

  @Test
  void theConnectionIsNamedAsToldAndClosedAfterwards() throws Exception {
    AtomicReference<Connection> used = new AtomicReference<>();

    String name =
        database.call(
            "the name",
            connection -> {
              used.set(connection);
              try (Statement statement = connection.createStatement();
                  ResultSet row = statement.executeQuery("SHOW application_name")) {
                row.next();
                return row.getString(1);
              }
            });

    assertThat(name).isEqualTo("the name");
    assertThat(used.get().isClosed()).isTrue();
  }

  private Outcome run() throws SQLException, IOException, InterruptedException {
    return database.call(
        LoadTransaction.applicationName(load),
        connection ->
            new LoadTransaction(connection, scene.ledger())
                .run(load, text("1"), rejects -> {}, SOON));
  }

  private void failWith(Throwable failure) throws Exception {
    database.call(
        "fails",
        connection -> {
          if (failure instanceof SQLException e) {
            throw e;
          }
          if (failure instanceof IOException e) {
            throw e;
          }
          if (failure instanceof RuntimeException e) {
            throw e;
          }
          throw (Error) failure;
        });
  }

  /** A thread that waits for the load, as a task of a job does. */
  private final class Caller {
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread thread =
        new Thread(
            () -> {
              try {
                run();
              } catch (Exception e) {
                failure.set(e);
              }
            },
            "caller");

    Caller() {
      thread.start();
    }

    void awaitFailure(Class<? extends Throwable> type) throws InterruptedException {
      thread.join(SOON.toMillis());
      assertThat(thread.isAlive()).as("the caller still waits").isFalse();
      assertThat(failure.get()).isInstanceOf(type);
    }
  }
}

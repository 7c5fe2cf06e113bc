package dev.kafkacloudberry.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A PostgreSQL 14 server, the release that Cloudberry is built on, from embedded binaries: UTF-8,
 * an ephemeral loopback port, a random password. Runs as root as well as a normal user.
 *
 * <p>The data survives {@link #stop()} and {@link #kill()} and goes with {@link #close()}. It is
 * written without fsync: it outlives the server's processes, not the machine.
 */
public final class PostgresServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final String USERNAME = "postgres";
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final String password = UUID.randomUUID().toString();
  private final Scratch scratch = new Scratch("testbed-postgres", this);
  private final Path data = scratch.resolve("data");
  private final Path log = scratch.resolve("server.log");

  private EmbeddedPostgres server;
  private PostgresProcesses processes;
  private int port;

  /** Of a server that talks over TLS only; empty for one that does without. */
  private final Optional<Certificates> certificates;

  private PostgresServer(Optional<Certificates> certificates) {
    this.certificates = certificates;
  }

  /**
   * Starts a server with an empty database.
   *
   * @throws IllegalStateException when it does not start; the message holds the server's log
   */
  public static PostgresServer start() {
    return start(Optional.empty());
  }

  /** As {@link #start()}, a server that refuses connections without TLS. */
  public static PostgresServer start(Certificates certificates) {
    return start(Optional.of(certificates));
  }

  private static PostgresServer start(Optional<Certificates> certificates) {
    PostgresServer postgres = new PostgresServer(certificates);
    try {
      postgres.launch(EmbeddedPostgres.builder());
      postgres.requirePassword();
      return postgres;
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  /**
   * Address of the database {@code postgres}, without credentials. If there are certificates, the
   * server's is verified.
   */
  public String url() {
    return "jdbc:postgresql://"
        + HOST
        + ":"
        + port
        + "/postgres"
        + certificates
            .map(files -> "?sslmode=verify-full&sslrootcert=" + files.authority())
            .orElse("");
  }

  public int port() {
    return port;
  }

  /** The superuser's name. */
  public String username() {
    return USERNAME;
  }

  public String password() {
    return password;
  }

  /** Opens a connection as the superuser. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USERNAME, password);
  }

  /**
   * Executes statements as the superuser.
   *
   * @throws IllegalStateException with the SQL if that fails
   */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /**
   * The first column of a query's rows, as the superuser reads it.
   *
   * @throws IllegalStateException with the SQL if that fails
   */
  public List<String> query(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(row.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Shuts the server down in order, ending every session. Does nothing if it is down. */
  public synchronized void stop() {
    if (server == null) {
      return;
    }
    resume();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL on port " + port + " does not stop", e);
    } finally {
      server = null;
    }
  }

  /** Starts the server again after {@link #stop()} or {@link #kill()}: same port, same data. */
  public synchronized void restart() {
    stop();
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPort(port);
    if (certificates.isPresent()) {
      builder.setConnectConfig("sslmode", "require");
    }
    launch(builder.setConnectConfig("password", password));
  }

  /**
   * Ends the server's processes at once, as a crash does: sessions break, nothing is flushed, and
   * {@link #restart()} recovers from the write-ahead log.
   */
  public synchronized void kill() {
    if (server == null) {
      return;
    }
    resume();
    processes.crash();
    releaseData();
    server = null;
  }

  /** Freezes every process of the server. Connections stay open and nothing answers. */
  public synchronized void pause() {
    processes.freeze();
  }

  /** Ends {@link #pause()}. */
  public synchronized void resume() {
    processes.thaw();
  }

  /** Ends the server and removes its data. */
  @Override
  public synchronized void close() {
    try {
      stop();
    } finally {
      scratch.close();
    }
  }

  private void launch(EmbeddedPostgres.Builder builder) {
    certificates.ifPresent(
        files ->
            builder
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", files.server().toString())
                .setServerConfig("ssl_key_file", files.server().toString()));
    try {
      server =
          builder
              .setDataDirectory(data)
              // Otherwise the library removes the data whenever it stops the server.
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setLocaleConfig("locale", "C")
              .setServerConfig("listen_addresses", HOST)
              // No socket file outside the data directory.
              .setServerConfig("unix_socket_directories", "")
              // The library turns this off; then a crash forgets commits that were acknowledged.
              .setServerConfig("synchronous_commit", "on")
              .setOutputRedirector(Redirect.appendTo(log.toFile()))
              .setPGStartupWait(START_TIMEOUT)
              .start();
    } catch (IOException | IllegalStateException e) {
      throw new IllegalStateException("PostgreSQL does not start: " + logged(), e);
    }
    port = server.getPort();
    processes = PostgresProcesses.of(data);
  }

  /** The server starts trusting everyone, because initdb's options are not ours to choose. */
  private void requirePassword() {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + USERNAME + " PASSWORD '" + password + "'");
      Files.writeString(
          data.resolve("pg_hba.conf"),
          "%s all all %s/32 scram-sha-256\n"
              .formatted(certificates.isPresent() ? "hostssl" : "host", HOST));
      statement.execute("SELECT pg_reload_conf()");
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("PostgreSQL takes no password: " + logged(), e);
    }
  }

  /** The library holds a lock on this file until it has stopped the server, which is gone. */
  private void releaseData() {
    try {
      Files.deleteIfExists(data.resolve("epg-lock"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String logged() {
    try {
      return Files.exists(log) ? Files.readString(log) : "no log";
    } catch (IOException e) {
      return "log unreadable: " + e.getMessage();
    }
  }
}

package dev.kafkacloudberry.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A fresh target table, a fresh ledger, and what stands in them. */
record LoadScene(PostgresServer postgres, TableName target, Ledger ledger) {

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  /**
   * Creates both.
   *
   * @param columns the table's columns, {@code id int, name text} for {@link #text}
   */
  static LoadScene create(PostgresServer postgres, String columns) throws SQLException {
    String schema = "Scene " + UUID.randomUUID();
    LoadScene scene =
        new LoadScene(postgres, new TableName(schema, "target"), new Ledger(schema + " ledger"));
    scene.execute("CREATE SCHEMA " + Identifier.quote(schema));
    scene.execute("CREATE TABLE " + scene.target.quoted() + " (" + columns + ")");
    try (Connection connection = postgres.connect()) {
      scene.ledger.ensureExists(connection);
    }
    return scene;
  }

  ConnectionSettings settings() {
    return settings(postgres.url());
  }

  ConnectionSettings settings(PostgresProxy proxy) {
    return settings(proxy.url());
  }

  private ConnectionSettings settings(String url) {
    return new ConnectionSettings(
        url,
        postgres.username(),
        new Password.Literal(postgres.password()),
        LONG_ENOUGH,
        LONG_ENOUGH);
  }

  /** A load in the text format into all columns of the target. */
  Load load(long rows, Load.Column... columns) {
    return load(target, rows, "FORMAT text", false, columns);
  }

  /** A load that is encoded for the types of the columns. */
  Load typedLoad(long rows, Load.Column... columns) {
    return load(target, rows, "FORMAT text", true, columns);
  }

  Load load(TableName table, long rows, String format, boolean typed, Load.Column... columns) {
    return new Load(
        UUID.randomUUID(),
        "sink",
        "job",
        Optional.empty(),
        false,
        false,
        7,
        rows,
        100,
        0,
        0,
        List.of(),
        table,
        List.of(columns),
        format,
        typed);
  }

  /** The load with rejects, and with ranges of offsets. */
  static Load with(Load load, long rejected, OffsetRange... ranges) {
    return new Load(
        load.commitId(),
        load.sinkId(),
        load.job(),
        load.run(),
        load.inherited(),
        load.repair(),
        load.checkpoint(),
        load.rows(),
        load.bytes(),
        rejected,
        load.skipped(),
        List.of(ranges),
        load.target(),
        load.columns(),
        load.format(),
        load.typed());
  }

  static Load.Column column(String name, String type) {
    return new Load.Column(name, type);
  }

  /** Lines of COPY's text format. */
  static CopyData text(String... lines) {
    byte[] bytes = (String.join("\n", lines) + "\n").getBytes(UTF_8);
    return copy -> copy.write(bytes);
  }

  /** Runs a load on a connection of its own. */
  LoadTransaction.Outcome run(Load load, CopyData data) throws SQLException, IOException {
    return run(settings(), load, data, LONG_ENOUGH);
  }

  LoadTransaction.Outcome run(
      ConnectionSettings settings, Load load, CopyData data, Duration lockTimeout)
      throws SQLException, IOException {
    return run(settings, load, data, rejects -> {}, lockTimeout);
  }

  /** As {@link #run(Load, CopyData)}, with rejects. */
  LoadTransaction.Outcome run(Load load, CopyData data, RejectData rejects)
      throws SQLException, IOException {
    return run(settings(), load, data, rejects, LONG_ENOUGH);
  }

  private LoadTransaction.Outcome run(
      ConnectionSettings settings,
      Load load,
      CopyData data,
      RejectData rejects,
      Duration lockTimeout)
      throws SQLException, IOException {
    try (Connection connection = settings.open(LoadTransaction.applicationName(load))) {
      return new LoadTransaction(connection, ledger).run(load, data, rejects, lockTimeout);
    }
  }

  /** The target's rows as the database prints them, sorted. */
  List<String> rows() throws SQLException {
    return query("SELECT t::text FROM " + target.quoted() + " t ORDER BY 1");
  }

  /** The commits that the ledger knows. */
  List<String> commits() throws SQLException {
    return query(
        "SELECT commit_id::text FROM " + Identifier.quote(ledger.schema()) + ".commits ORDER BY 1");
  }

  /** The sessions that the server lists for a load. */
  List<String> sessions(Load load) throws SQLException {
    return query(
        "SELECT pid::text FROM pg_stat_activity WHERE application_name = '"
            + LoadTransaction.applicationName(load)
            + "'");
  }

  List<String> query(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (row.next()) {
        values.add(row.getString(1));
      }
      return values;
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs an {@code ALTER TABLE} of the target. */
  void alterTarget(String change) throws SQLException {
    execute("ALTER TABLE " + target.quoted() + " " + change);
  }
}

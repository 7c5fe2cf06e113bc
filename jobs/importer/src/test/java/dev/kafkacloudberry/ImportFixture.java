package dev.kafkacloudberry;

import dev.kafkacloudberry.job.ImportJob;
import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.PostgresProxy;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Real parts for imports, shared by the tests of a class; each test has its own import. */
final class ImportFixture implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

  private static final int TASK_MANAGERS = 2;
  private static final int SLOTS_EACH = 2;
  private static final Pattern SUBMITTED = Pattern.compile("Submitted job (\\p{XDigit}{32})");

  private final Deque<Integer> taskManagers = new ArrayDeque<>();
  private final List<JobID> jobs = new ArrayList<>();
  private KafkaBroker kafka;
  private PostgresServer postgres;
  private ImporterRole role;
  private PostgresProxy proxy;
  private FlinkCluster flink;
  private int imports;

  /** How a command line ended. */
  record Outcome(int exitCode, List<JobID> jobs, String out, String err) {}

  @Override
  public void beforeAll(ExtensionContext context) {
    kafka = KafkaBroker.start();
    postgres = PostgresServer.start();
    role = ImporterRole.createForTablesToCome(postgres);
    proxy = PostgresProxy.inFrontOf(postgres);
    Configuration configuration = new Configuration();
    configuration.setString("metrics.fetcher.update-interval", "100 ms");
    flink = FlinkCluster.start(TASK_MANAGERS, SLOTS_EACH, configuration);
    taskManagers.clear();
    for (int index = 0; index < TASK_MANAGERS; index++) {
      taskManagers.add(index);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    proxy.heal();
    for (JobID job : jobs) {
      if (!flink.status(job).isGloballyTerminalState()) {
        flink.cancel(job);
      }
    }
    jobs.clear();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    flink.close();
    proxy.close();
    postgres.close();
    kafka.close();
  }

  KafkaBroker kafka() {
    return kafka;
  }

  PostgresServer postgres() {
    return postgres;
  }

  /** Who imports. */
  ImporterRole role() {
    return role;
  }

  PostgresProxy proxy() {
    return proxy;
  }

  FlinkCluster flink() {
    return flink;
  }

  RestInterface rest() {
    return new RestInterface(flink.restUri());
  }

  /** A topic and a table that nobody else uses, and a ledger of their own. */
  ImportUnderTest newImport() {
    return new ImportUnderTest(this, "import_" + ++imports);
  }

  /** Ends every TaskManager and starts as many. Waits for none of their tasks. */
  void replaceTaskManagers() {
    for (int i = 0; i < TASK_MANAGERS; i++) {
      replaceTaskManager();
    }
  }

  /** Ends the oldest TaskManager and starts another. Waits for none of its tasks. */
  void replaceTaskManager() {
    int next = taskManagers.getLast() + 1;
    flink.killTaskManagerAsync(taskManagers.removeFirst());
    flink.startTaskManager();
    taskManagers.addLast(next);
  }

  /** Flink's, as one sets it up for imports: broker, database, checkpoints. */
  Configuration configuration() {
    Configuration configuration = flink.clientConfiguration();
    configuration.setString("kafka.bootstrap.servers", kafka.bootstrapServers());
    configuration.setString("cloudberry.url", proxy.url());
    configuration.setString("cloudberry.username", role.name());
    configuration.setString("cloudberry.password", role.password());
    configuration.setString("execution.checkpointing.interval", "200 ms");
    configuration.setString("parallelism.default", "2");
    return configuration;
  }

  /** Runs a script that finds broker, database and cluster in Flink's configuration. */
  Outcome run(String sql, Map<String, String> overrides) {
    try {
      Path script = Files.writeString(Files.createTempFile(flink.directory(), "job", ".sql"), sql);
      return run(overrides, "--sql", script.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command line, which finds the same. */
  Outcome run(Map<String, String> overrides, String... arguments) {
    Configuration configuration = configuration();
    overrides.forEach(configuration::setString);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    try {
      int exitCode =
          flink.run(
              configuration,
              () ->
                  ImportJob.run(
                      configuration, new PrintWriter(out), new PrintWriter(err), arguments));
      List<JobID> submitted =
          SUBMITTED
              .matcher(out.toString())
              .results()
              .map((MatchResult match) -> JobID.fromHexString(match.group(1)))
              .toList();
      jobs.addAll(submitted);
      return new Outcome(exitCode, submitted, out.toString(), err.toString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Creates a ledger as an owner does, with what the role may do with it. */
  void createLedger(String schema) {
    try {
      String ledger =
          Files.readString(Readme.REPOSITORY.resolve("sql/database/ledger_postgresql.sql"))
              .replace("kafka_import", schema);
      execute(ledger);
      ledger
          .lines()
          .filter(line -> line.startsWith("--   GRANT"))
          .forEach(grant -> execute(grant.substring("--".length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Executes a statement in the database, past the proxy. */
  void execute(String sql) {
    postgres.execute(sql);
  }

  /** The first column of a query's rows, past the proxy. */
  List<String> query(String sql) {
    return postgres.query(sql);
  }
}

package dev.kafkacloudberry.quickstart;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParameterException;

/**
 * An import from beginning to end, with a crash and a restart in it, and the proof that nothing was
 * lost or doubled. Runs in the project's directory.
 */
public final class Quickstart {
  private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);

  private static final int PARTITIONS = 4;
  private static final long SEED = 20_240_131;

  /** How many messages arrive at a time while the import runs. */
  private static final long BATCH = 10_000;

  private final Arguments arguments;
  private final Services services;
  private final Database database;
  private final Console console;

  private final MessageFormat format;
  private final String topic;
  private final MessageGenerator generator;
  private final Import anImport;

  private Quickstart(Arguments arguments, Services services, Database database, Console console) {
    this.arguments = arguments;
    this.services = services;
    this.database = database;
    this.console = console;
    this.format = arguments.format();
    this.topic = format.topic();
    this.generator = new MessageGenerator(format, PARTITIONS, SEED);
    this.anImport = new Import(format, services);
  }

  /** Exits with 0 when source and target are equal, 1 when not or on failure, 2 if misused. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(new Console(out, Boolean.getBoolean("quickstart.terminal")), args));
  }

  private static int run(Console console, String... args) {
    try {
      Arguments arguments = Arguments.parse(args);
      return run(arguments, console) ? 0 : 1;
    } catch (ParameterException e) {
      System.err.println(e.getMessage() + "\nSee ./quickstart --help");
      return 2;
    } catch (Exception e) {
      LOG.error("The quickstart failed.", e);
      System.err.println("The quickstart failed: " + messages(e));
      System.err.println("More is in " + System.getProperty("log.file"));
      return 1;
    }
  }

  /** What went wrong, and beneath it why. */
  private static String messages(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(Throwable::toString)
        .collect(Collectors.joining("\n  caused by "));
  }

  private static boolean run(Arguments arguments, Console console) throws Exception {
    console.step("Start a Kafka broker, a PostgreSQL 14 and a Flink cluster on this machine.");
    try (Services services = new Services();
        Database database = new Database(services.postgres())) {
      return new Quickstart(arguments, services, database, console).tell();
    }
  }

  private boolean tell() throws Exception {
    services.requireWebInterface();
    console.say("Flink's web UI, as long as this runs: " + services.flink().restUri());
    createTopicAndTable();
    produceFirstHalf();
    JobID crashed = importThroughCrash();
    Path savepoint = stop(crashed);
    JobID restored = importTheRest(savepoint);
    if (!arguments.keepRunning()) {
      services.flink().cancel(restored);
    }
    showResult();
    Comparison comparison = compare();
    if (arguments.keepRunning()) {
      console.say("Everything goes on until Ctrl-C:\n" + services.connections());
    }
    console.conclude(comparison.toString());
    if (arguments.keepRunning()) {
      new CountDownLatch(1).await();
    }
    return comparison.isExact();
  }

  private void createTopicAndTable() throws IOException, SQLException {
    console.step("Create the topic %s and the table dest_table_fdw.".formatted(topic));
    services.kafka().createTopic(topic, PARTITIONS);
    console.say("The topic has %d partitions.".formatted(PARTITIONS));
    database.execute(Path.of("sql/database/target.sql"));
    console.say("The table is the one of sql/database/target.sql.");
  }

  private void produceFirstHalf() {
    long half = arguments.rows() / 2;
    console.step(
        "Produce %,d messages, half of them. The rest arrives while the import runs."
            .formatted(half));
    services.kafka().produce(topic, generator.next(half));
  }

  private JobID importThroughCrash() throws SQLException, InterruptedException {
    console.step("Import them. A TaskManager is killed on the way.");
    console.say(anImport.commandLine());
    JobID job = anImport.start();
    Watch watch = new Watch(services, database, console, topic, arguments.rows());
    watch.awaitCommitted(job, arguments.rows() / 4);
    // So that there is something that is read and not committed.
    long produced = arguments.rows() / 2;
    produced += produce(arguments.rows() / 10);

    services.flink().killTaskManager(0);
    console.say(
        """
        Killed one of the %d TaskManagers with %,d rows committed. What it had read since the last
        checkpoint is lost with it, and will be read again. Starting another one."""
            .formatted(Services.TASK_MANAGERS, database.committedRows()));
    services.flink().startTaskManager();
    while (produced < arguments.rows()) {
      produced += produce(Math.min(BATCH, arguments.rows() - produced));
      watch.show();
    }
    watch.awaitCommitted(job, arguments.rows());
    long checkpoint =
        services
            .flink()
            .restoredCheckpoint(job)
            .orElseThrow(() -> new IllegalStateException("the job took no notice of the kill"));
    console.say("All rows are committed. The job had gone on from checkpoint " + checkpoint + ".");
    return job;
  }

  private long produce(long messages) {
    services.kafka().produce(topic, generator.next(messages));
    return messages;
  }

  private Path stop(JobID job) {
    console.step("Stop the import with a savepoint.");
    Path savepoint =
        services.flink().stopWithSavepoint(job, services.flink().directory().resolve("savepoints"));
    console.say(savepoint.toString());
    return savepoint;
  }

  private JobID importTheRest(Path savepoint) throws SQLException, InterruptedException {
    long more = arguments.rows() / 10;
    console.step("Produce %,d more messages, then go on from the savepoint.".formatted(more));
    produce(more);
    Watch watch = new Watch(services, database, console, topic, arguments.rows() + more);
    JobID job = anImport.restore(savepoint);
    watch.awaitCommitted(job, arguments.rows() + more);
    return job;
  }

  private void showResult() throws SQLException {
    console.step("Look at it, as anyone with psql could.");
    show(
        "SELECT some_int, some_date, some_time, left(some_text, 40) AS some_text"
            + " FROM dest_table_fdw LIMIT 5");
    show("SELECT * FROM kafka_import.progress");
  }

  private void show(String query) throws SQLException {
    console.say(query + ";\n" + database.table(query) + "\n\n");
  }

  private Comparison compare() throws SQLException, IOException {
    console.step("Read every message again and compare them all with the rows of the table.");
    Verification verification = new Verification(services.kafka(), database);
    Comparison comparison = verification.compare(format);
    if (!comparison.isExact()) {
      console.say("Some of what differs:\n" + verification.differences());
    }
    console.endStep();
    console.say(
        """
        Where to look next:
          README.md    what this is, and how to run it on a cluster and database of your own
          sql/         the files that were run just now
          docs/        how it keeps the promise, and what can be set
        """);
    return comparison;
  }
}

package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.benchmarks.ScaleModel.Cluster;
import dev.kafkacloudberry.benchmarks.ScaleModel.Costs;
import dev.kafkacloudberry.benchmarks.ScaleModel.Outcome;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what a {@code COPY} costs that only reads its rows, as a coordinator does, and one that
 * stores them, and computes from it how imports grow with partitions, TaskManagers and segments.
 */
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "What imports would do on larger clusters, simulated from costs.",
      "The database's are measured, Flink's are those of docs/performance.md."
    })
final class ScaleBenchmark implements Callable<Integer> {

  private static final int ROUNDS = 3;
  private static final double MILLION = 1e6;

  @Option(names = "--rows", description = "Of each COPY that is measured.")
  private long rows = 4_000_000;

  @Option(names = "--import-rows", description = "Of each import that is simulated.")
  private long importRows = 1_000_000_000;

  @Option(
      names = "--reader-cost",
      description = "Seconds that the reading thread of one partition takes for a million rows.")
  private double reader = 0.4;

  @Option(
      names = "--flink-cost",
      description = "Seconds of processors that TaskManagers take for a million rows.")
  private double flink = 0.8;

  @Option(names = "--checkpoint-interval", description = "In seconds.")
  private double interval = 10;

  @Option(
      names = "--transaction",
      description = "Seconds that a commit takes beside its rows: connecting, ledger, two phases.")
  private double transaction = 0.2;

  @Option(names = "--segments", split = ",", description = "0 is one PostgreSQL.")
  private List<Integer> segments = List.of(0, 2, 8, 32);

  @Option(names = "--partitions", split = ",", description = "With a core for each.")
  private List<Integer> partitions = List.of(1, 2, 4, 8, 16, 32);

  @Option(names = "--imports", split = ",", description = "That share the partitions.")
  private List<Integer> imports = List.of(1, 4);

  @Override
  public Integer call() throws IOException, SQLException {
    System.out.println(Machine.describe());
    Costs costs = measured();
    System.out.printf(
        "A million rows: %.3f s for a COPY that reads them, %.3f s for one that stores them.%n",
        costs.dispatch(), costs.copy());
    ScaleModel model = new ScaleModel(costs, interval, transaction);
    for (int count : imports) {
      System.out.printf("%n### Imports: %d%n%n", count);
      System.out.print(table(model, count));
    }
    return 0;
  }

  private Costs measured() throws IOException, SQLException {
    try (PostgresServer postgres = PostgresServer.start();
        Connection connection = postgres.connect()) {
      postgres.execute("CREATE TABLE loaded (%s)".formatted(Shape.NARROW.inPostgres()));
      CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
      Path file = Files.createTempFile("scale", ".binary");
      try {
        write(copies, file);
        double dispatch = Double.MAX_VALUE;
        double copy = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
          dispatch = Math.min(dispatch, copy(postgres, copies, file, " WHERE false"));
          copy = Math.min(copy, copy(postgres, copies, file, ""));
        }
        return new Costs(reader, flink, dispatch, copy);
      } finally {
        Files.delete(file);
      }
    }
  }

  /** The rows as an import stages them. */
  private void write(CopyManager copies, Path file) throws IOException, SQLException {
    try (OutputStream out = Files.newOutputStream(file)) {
      copies.copyOut(
          """
              COPY (SELECT n::int, repeat('x', %d), DATE '2024-01-31' + n %% 100,
                           TIMESTAMP '2024-01-31 12:34:56' + n * INTERVAL '1 ms'
                      FROM generate_series(1, %d) n)
                TO STDOUT (FORMAT binary)"""
              .formatted(Shape.NARROW.textLength(), rows),
          out);
    }
  }

  /** Seconds for a million rows. */
  private double copy(PostgresServer postgres, CopyManager copies, Path file, String condition)
      throws IOException, SQLException {
    postgres.execute("TRUNCATE loaded");
    postgres.execute("CHECKPOINT");
    try (InputStream in = Files.newInputStream(file)) {
      long start = System.nanoTime();
      copies.copyIn("COPY loaded FROM STDIN (FORMAT binary)" + condition, in, 1 << 16);
      return Timing.secondsSince(start) * MILLION / rows;
    }
  }

  /** A line for each number of partitions, a column for each number of segments. */
  private String table(ScaleModel model, int count) {
    StringBuilder text =
        new StringBuilder(
            """
            Million rows a second, what limits them; million rows in the largest commit.

            | partitions, cores |""");
    segments.forEach(
        number -> text.append(number == 0 ? " PostgreSQL |" : " %d segments |".formatted(number)));
    text.append("\n|---|").append("---|".repeat(segments.size())).append('\n');
    for (int number : partitions) {
      text.append("| %d |".formatted(number));
      for (int ofDatabase : segments) {
        Outcome outcome =
            model.simulate(new Cluster(number, number, ofDatabase, count), importRows);
        text.append(
            " %.1f, %s; %.0f |"
                .formatted(
                    outcome.rowsPerSecond() / MILLION,
                    outcome.limit(),
                    outcome.mostStaged() / MILLION));
      }
      text.append('\n');
    }
    return text.toString();
  }
}

package dev.kafkacloudberry.benchmarks;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code psql} with {@code \copy} from a CSV file on this machine: what there is to beat. */
record PsqlCopy(Services services, Path file) implements WayToLoad {

  /** Whether there is a psql here. */
  static boolean isThere() {
    try {
      ChildProcess.run(List.of("psql", "--version"), Map.of());
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  @Override
  public String title() {
    return "psql \\copy of a CSV file";
  }

  @Override
  public Timing load(Scenario scenario, String table) {
    List<String> command =
        List.of(
            "psql",
            "--host=localhost",
            "--port=" + services.postgres().port(),
            "--username=" + services.postgres().username(),
            "--dbname=postgres",
            "--no-psqlrc",
            "--set=ON_ERROR_STOP=1",
            "--command=\\copy %s from '%s' csv".formatted(table, file));
    long start = System.nanoTime();
    ChildProcess.run(command, Map.of("PGPASSWORD", services.postgres().password()));
    double whole = Timing.secondsSince(start);
    return new Timing(whole, whole);
  }
}

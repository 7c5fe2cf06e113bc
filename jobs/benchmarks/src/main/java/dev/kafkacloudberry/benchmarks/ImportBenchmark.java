package dev.kafkacloudberry.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Loads the same rows in several ways, one after the other, round by round, and compares medians.
 * All run on this machine, beside the same broker and the same database.
 */
@Command(
    name = "imports",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Whole imports, side by side with other ways to load the same rows.")
final class ImportBenchmark implements Callable<Integer> {

  private enum Way {
    IMPORTER,
    STOCK,
    PSQL,
    PLAIN
  }

  @Option(names = "--rows", description = "Rows of each load.")
  private long rows = 20_000_000;

  @Option(names = "--rounds", description = "How often each way loads them.")
  private int rounds = 3;

  @Option(names = "--format", split = ",", description = "CSV, JSON.")
  private List<MessageFormat> formats = List.of(MessageFormat.CSV);

  @Option(names = "--shape", split = ",", description = "NARROW, WIDE, LONG.")
  private List<Shape> shapes = List.of(Shape.NARROW);

  @Option(
      names = "--partitions",
      split = ",",
      description = "Of the topic; Flink's parallelism is the same.")
  private List<Integer> partitions = List.of(2);

  @Option(
      names = "--places",
      arity = "1",
      split = ",",
      description = "true, false: whether the sink is told each row's place in Kafka.")
  private List<Boolean> places = List.of(true);

  @Option(names = "--ways", split = ",", description = "IMPORTER, STOCK, PSQL, PLAIN.")
  private List<Way> ways = List.of(Way.values());

  @Option(names = "--checkpoint-interval", description = "Of the Flink jobs.")
  private String checkpointInterval = "2 s";

  @Option(
      names = "--jar-of-jobs",
      description = "The cluster has the importer's jar of each job, and not in its lib/.")
  private boolean jarOfJobs;

  @Option(names = "--set", description = "KEY=VALUE for the Flink cluster.")
  private Map<String, String> settings = Map.of();

  @Override
  public Integer call() {
    System.out.println(Machine.describe());
    try (Services services =
        jarOfJobs ? Services.withJarOfJobs(settings) : new Services(settings)) {
      Source source = new Source(services);
      String filled = "";
      for (Scenario scenario : scenarios()) {
        if (!scenario.topic().equals(filled)) {
          filled = scenario.topic();
          source.produce(scenario);
        }
        measure(scenario, services, ways(scenario, services, source));
      }
    }
    return 0;
  }

  private List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    for (MessageFormat format : formats) {
      for (Shape shape : shapes) {
        for (int count : partitions) {
          for (boolean hasPlaces : places) {
            scenarios.add(new Scenario(format, shape, count, hasPlaces, rows));
          }
        }
      }
    }
    return scenarios;
  }

  private List<WayToLoad> ways(Scenario scenario, Services services, Source source) {
    List<WayToLoad> chosen = new ArrayList<>();
    for (Way way : ways) {
      switch (way) {
        case IMPORTER -> chosen.add(new Importer(services, checkpointInterval));
        case STOCK -> chosen.add(new StockConnectors(services, checkpointInterval));
        case PSQL -> {
          if (PsqlCopy.isThere()) {
            chosen.add(new PsqlCopy(services, source.file(scenario)));
          } else {
            System.out.println("There is no psql on the PATH; it is left out.");
          }
        }
        case PLAIN -> {
          if (scenario.format() == MessageFormat.CSV) {
            chosen.add(new PlainProgram(services));
          }
        }
      }
    }
    return chosen;
  }

  private void measure(Scenario scenario, Services services, List<WayToLoad> chosen) {
    Map<String, List<Measurement>> measurements = new LinkedHashMap<>();
    String expected = null;
    for (int round = 0; round < rounds; round++) {
      for (WayToLoad way : chosen) {
        services.createTable("loaded", scenario.shape());
        CpuTime before = CpuTime.used(services.postgres());
        Timing timing = way.load(scenario, "loaded");
        measurements
            .computeIfAbsent(way.title(), title -> new ArrayList<>())
            .add(new Measurement(timing, CpuTime.used(services.postgres()).since(before)));
        String found = services.fingerprint("loaded");
        System.err.printf(
            "%s; round %d, %s: %.2f s, %.2f s steady%n",
            scenario, round, way.title(), timing.whole(), timing.steady());
        if (expected != null && !expected.equals(found)) {
          throw new IllegalStateException(
              "%s has loaded %s, and not %s as the others".formatted(way.title(), found, expected));
        }
        expected = found;
      }
    }
    System.out.println(new Report(scenario, measurements));
  }
}

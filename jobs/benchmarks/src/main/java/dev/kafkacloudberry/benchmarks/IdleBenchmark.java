package dev.kafkacloudberry.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a scheduled run costs that finds nothing new, behind topics of several sizes. */
@Command(
    name = "idle",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Scheduled runs with nothing new, behind topics of several sizes.")
final class IdleBenchmark implements Callable<Integer> {

  private static final Path SCHEDULER =
      Path.of("jobs/scheduler/target/kafka-cloudberry-scheduler.jar");

  @Option(names = "--messages", split = ",", description = "In the topic.")
  private List<Long> sizes = List.of(10_000L, 1_000_000L, 20_000_000L);

  @Option(names = "--runs", description = "Of each size.")
  private int runs = 5;

  @Override
  public Integer call() throws IOException {
    System.out.println(Machine.describe());
    try (Services services = new Services(Map.of())) {
      Source source = new Source(services);
      for (long size : sizes) {
        // The partitions are only there to tell the topics apart; they do not matter.
        Scenario scenario =
            new Scenario(MessageFormat.CSV, Shape.NARROW, 1 + sizes.indexOf(size), true, size);
        services.createTable("loaded", scenario.shape());
        services.postgres().execute("DROP SCHEMA IF EXISTS kafka_import CASCADE");
        source.produce(scenario);
        List<String> command = command(services, scenario);
        long start = System.nanoTime();
        ChildProcess.run(command, environment(services));
        System.out.printf("%,d messages: %.2f s%n", size, Timing.secondsSince(start));
        System.out.printf("  then nothing new: %s s%n", nothingNew(command, services));
      }
    }
    return 0;
  }

  private String nothingNew(List<String> command, Services services) {
    List<Double> seconds = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      long start = System.nanoTime();
      ChildProcess.run(command, environment(services));
      seconds.add(Timing.secondsSince(start));
    }
    Collections.sort(seconds);
    return "%.2f (%.2f to %.2f)"
        .formatted(seconds.get(runs / 2), seconds.get(0), seconds.get(runs - 1));
  }

  private static Map<String, String> environment(Services services) {
    return Map.of("CLOUDBERRY_PASSWORD", services.postgres().password());
  }

  private static List<String> command(Services services, Scenario scenario) {
    Path script = services.flink().directory().resolve("idle.sql");
    try {
      Files.writeString(script, new Importer(services, "10 s").unendingScript(scenario, "loaded"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-jar",
        SCHEDULER.toString(),
        "import-once",
        "--flink",
        services.flink().restUri().toString(),
        "--jar",
        Services.JAR.toString(),
        "--sql",
        script.toString());
  }
}

package dev.kafkacloudberry.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether the memory of a TaskManager grows while an import runs. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "The memory of a TaskManager while an import runs.")
final class MemoryBenchmark implements Callable<Integer> {

  private static final int SAMPLE_MILLIS = 2_000;
  private static final int SAMPLES = 30;
  private static final String JVM = "Status.JVM.";

  /** Less whatever Flink wants for itself, these are the 512 MiB of heap of the goal. */
  private static final String TASK_HEAP = "384m";

  @Option(names = "--rows-per-second")
  private int rate = 10_000;

  @Option(names = "--minutes")
  private int minutes = 60;

  @Option(names = "--checkpoint-interval")
  private String checkpointInterval = "10 s";

  @Override
  public Integer call() {
    System.out.println(Machine.describe());
    try (Services services = new Services(Services.heap(TASK_HEAP))) {
      Scenario scenario = new Scenario(MessageFormat.CSV, Shape.NARROW, 2, true, 0);
      services.createTable("loaded", scenario.shape());
      services.kafka().createTopic(scenario.topic(), scenario.partitions());
      FlinkJob job = new Importer(services, checkpointInterval).start(scenario, "loaded");
      RowWriter rows = new RowWriter(scenario.shape(), scenario.format());
      CompletableFuture<Long> producer =
          CompletableFuture.supplyAsync(
              () ->
                  new SteadyProducer(
                          services.kafka(), scenario.topic(), scenario.partitions(), rate)
                      .produce(minutes * 60L, rows::row));
      for (int minute = 1; minute <= minutes; minute++) {
        System.out.println("minute %d: %s".formatted(minute, smallestOfAMinute(services)));
      }
      services.awaitRows("loaded", producer.join(), Duration.ofMinutes(5));
      System.out.println("%,d rows".formatted(producer.join()));
      job.cancel();
    }
    return 0;
  }

  /** The least that was seen of each is about what is left of it by a collection. */
  private static Map<String, Long> smallestOfAMinute(Services services) {
    Rest rest = new Rest(services.flink().restUri());
    Map<String, Long> smallest = new TreeMap<>();
    for (int sample = 0; sample < SAMPLES; sample++) {
      Pause.millis(SAMPLE_MILLIS);
      for (JsonElement metric :
          rest.get(
                  "/taskmanagers/taskmanager-0/metrics?get="
                      + String.join(
                          ",",
                          JVM + "Memory.Heap.Used",
                          JVM + "Memory.Metaspace.Used",
                          JVM + "Memory.Direct.MemoryUsed",
                          JVM + "Threads.Count"))
              .getAsJsonArray()) {
        JsonObject fields = metric.getAsJsonObject();
        smallest.merge(
            fields.get("id").getAsString().substring(JVM.length()),
            fields.get("value").getAsLong(),
            Math::min);
      }
    }
    return smallest;
  }
}

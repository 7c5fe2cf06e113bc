package dev.kafkacloudberry.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@link PlainLoader} in a process of its own: the practical limit. */
record PlainProgram(Services services) implements WayToLoad {

  @Override
  public String title() {
    return "a plain program";
  }

  @Override
  public Timing load(Scenario scenario, String table) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            PlainLoader.class.getName(),
            services.kafka().bootstrapServers(),
            scenario.topic(),
            services.postgres().url(),
            services.postgres().username(),
            table,
            scenario.shape().columns().stream()
                .map(column -> column.type().name())
                .collect(Collectors.joining(",")));
    long start = System.nanoTime();
    String seconds =
        ChildProcess.run(command, Map.of("PGPASSWORD", services.postgres().password()));
    return new Timing(
        Timing.secondsSince(start),
        Double.parseDouble(seconds.lines().reduce((first, last) -> last).orElseThrow()));
  }
}

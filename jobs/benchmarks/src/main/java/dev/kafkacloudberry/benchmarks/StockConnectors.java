package dev.kafkacloudberry.benchmarks;

/** Flink's own {@code kafka} and {@code jdbc} tables, with batches that the driver rewrites. */
record StockConnectors(Services services, String checkpointInterval) implements WayToLoad {

  private static final String SCRIPT =
      """
      SET 'execution.checkpointing.interval' = '%1$s';
      SET 'parallelism.default' = '%2$d';
      CREATE TABLE messages (%3$s) WITH (
        'connector' = 'kafka', 'properties.bootstrap.servers' = '%4$s', 'topic' = '%5$s',
        'format' = '%6$s', 'scan.startup.mode' = 'earliest-offset',
        'scan.bounded.mode' = 'latest-offset');
      CREATE TABLE loaded (%3$s) WITH (
        'connector' = 'jdbc', 'url' = '%7$s', 'username' = '%8$s', 'password' = '%9$s',
        'table-name' = '%10$s', 'sink.buffer-flush.max-rows' = '5000');
      INSERT INTO loaded SELECT * FROM messages;
      """;

  @Override
  public String title() {
    return "Flink's kafka and jdbc";
  }

  @Override
  public Timing load(Scenario scenario, String table) {
    String url = services.postgres().url();
    long start = System.nanoTime();
    FlinkJob job =
        FlinkJob.run(
            services.flink(),
            SCRIPT.formatted(
                checkpointInterval,
                scenario.partitions(),
                scenario.shape().inFlink(),
                services.kafka().bootstrapServers(),
                scenario.topic(),
                scenario.format().stock(),
                url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true",
                services.postgres().username(),
                services.postgres().password(),
                table));
    double steady = job.awaitEnd();
    return new Timing(Timing.secondsSince(start), steady);
  }
}

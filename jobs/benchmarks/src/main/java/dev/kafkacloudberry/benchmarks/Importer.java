package dev.kafkacloudberry.benchmarks;

/** This project. */
record Importer(Services services, String checkpointInterval) implements WayToLoad {

  private static final String UNTIL_THE_END = ", 'scan.bounded.mode' = 'latest-offset'";

  private static final String SCRIPT =
      """
      SET 'execution.checkpointing.interval' = '%1$s';
      SET 'parallelism.default' = '%2$d';
      CREATE TABLE messages (%3$s%4$s) WITH (
        'connector' = 'kafka-partitioned', 'topic' = '%5$s', 'format' = '%6$s'%9$s);
      CREATE TABLE loaded (%3$s%7$s) WITH ('connector' = 'cloudberry', 'table-name' = '%8$s');
      INSERT INTO loaded SELECT * FROM messages;
      """;

  private static final String PLACES_READ =
      """
      , topic STRING METADATA VIRTUAL, part INT METADATA FROM 'partition' VIRTUAL,
        offs BIGINT METADATA FROM 'offset' VIRTUAL,
        junk BYTES METADATA VIRTUAL, junk_error STRING METADATA FROM 'junk-error' VIRTUAL""";

  private static final String PLACES_WRITTEN =
      """
      , topic STRING METADATA, part INT METADATA FROM 'partition',
        offs BIGINT METADATA FROM 'offset',
        junk BYTES METADATA, junk_error STRING METADATA FROM 'junk-error'""";

  @Override
  public String title() {
    return "this importer";
  }

  @Override
  public Timing load(Scenario scenario, String table) {
    // Each load is the first of a sink of its own.
    services.postgres().execute("DROP SCHEMA IF EXISTS kafka_import CASCADE");
    long start = System.nanoTime();
    FlinkJob job = FlinkJob.run(services.flink(), script(scenario, table, UNTIL_THE_END));
    double steady = job.awaitEnd();
    return new Timing(Timing.secondsSince(start), steady);
  }

  /** Starts a job that goes on as messages come. */
  FlinkJob start(Scenario scenario, String table) {
    return FlinkJob.run(services.flink(), unendingScript(scenario, table));
  }

  String unendingScript(Scenario scenario, String table) {
    return script(scenario, table, "");
  }

  /**
   * @param end what more the table of the messages is given
   */
  private String script(Scenario scenario, String table, String end) {
    return SCRIPT.formatted(
        checkpointInterval,
        scenario.partitions(),
        scenario.shape().inFlink(),
        scenario.hasPlaces() ? PLACES_READ : "",
        scenario.topic(),
        scenario.format().own(),
        scenario.hasPlaces() ? PLACES_WRITTEN : "",
        table,
        end);
  }
}

package dev.kafkacloudberry.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a message takes from its producer to the commit that makes it visible. Each carries the
 * time when it is sent; the database keeps the time of each commit.
 */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "From the producer to the commit, at a steady rate.")
final class LatencyBenchmark implements Callable<Integer> {

  private static final String TOPIC = "latency";
  private static final int PARTITIONS = 2;
  private static final int WARM_UP_SECONDS = 20;

  private static final String SCRIPT =
      """
      SET 'execution.checkpointing.interval' = '%s';
      SET 'parallelism.default' = '%d';
      CREATE TABLE messages (number BIGINT, sent TIMESTAMP(6), filler STRING) WITH (
        'connector' = 'kafka-partitioned', 'topic' = '%s', 'format' = 'postgres-csv');
      CREATE TABLE latency (number BIGINT, sent TIMESTAMP(6), filler STRING) WITH (
        'connector' = 'cloudberry', 'table-name' = 'latency');
      INSERT INTO latency SELECT * FROM messages;
      """;

  private static final String LATENCIES =
      """
      SELECT format('%%s rows in %%s commits: median %%s s, 99th percentile %%s s, longest %%s s',
        count(*), count(DISTINCT xmin::text),
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 3),
        round(percentile_cont(0.99) WITHIN GROUP (ORDER BY seconds)::numeric, 3),
        round(max(seconds)::numeric, 3))
      FROM (SELECT xmin, extract(epoch FROM
        pg_xact_commit_timestamp(xmin) - sent AT TIME ZONE 'UTC') AS seconds
        FROM latency WHERE number >= %d) AS measured""";

  @Option(names = "--rows-per-second")
  private int rate = 10_000;

  @Option(names = "--seconds", description = "How long, behind 20 seconds that are not counted.")
  private int seconds = 60;

  @Option(names = "--checkpoint-interval")
  private String checkpointInterval = "1 s";

  @Override
  public Integer call() {
    System.out.println(Machine.describe());
    try (Services services = new Services(Map.of())) {
      services.postgres().execute("ALTER SYSTEM SET track_commit_timestamp = on");
      services.postgres().stop();
      services.postgres().restart();
      services
          .postgres()
          .execute("CREATE TABLE latency (number bigint, sent timestamp, filler text)");
      services.kafka().createTopic(TOPIC, PARTITIONS);
      FlinkJob job =
          FlinkJob.run(services.flink(), SCRIPT.formatted(checkpointInterval, PARTITIONS, TOPIC));
      long sent =
          new SteadyProducer(services.kafka(), TOPIC, PARTITIONS, rate)
              .produce(WARM_UP_SECONDS + seconds, LatencyBenchmark::message);
      services.awaitRows("latency", sent, Duration.ofMinutes(1));
      job.cancel();
      System.out.println(
          services.postgres().query(LATENCIES.formatted((long) WARM_UP_SECONDS * rate)).get(0));
    }
    return 0;
  }

  private static byte[] message(long number) {
    String sent = Instant.now().toString().replace("Z", "");
    return (number + "," + sent + "," + "x".repeat(40)).getBytes(StandardCharsets.US_ASCII);
  }
}

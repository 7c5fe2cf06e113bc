package dev.kafkacloudberry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Predicates on the time of a message: the rows of Flink's own table, which reads everything. */
@Timeout(120)
class TimestampPredicatesITCase {

  private static final int MESSAGES = 144;

  /** In Berlin, 03:00 comes again as 02:00 an hour after the clocks were turned back to it. */
  private static final Instant AUTUMN = Instant.parse("2025-10-26T01:00:00Z");

  private static final Instant SPRING = Instant.parse("2025-03-30T01:00:00Z");

  private static KafkaBroker broker;

  private final KafkaTables tables = tables();

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    Duration half = Duration.ofMinutes(10L * MESSAGES / 2);
    produce("autumn", i -> AUTUMN.minus(half).plus(Duration.ofMinutes(10L * i)));
    produce("spring", i -> SPRING.minus(half).plus(Duration.ofMinutes(10L * i)));
    Instant now = Instant.now();
    produce("recent", i -> now.minus(Duration.ofHours(MESSAGES - i)).plusSeconds(1800));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void forget() {
    FetchedMessages.forget();
  }

  @ParameterizedTest
  @MethodSource
  void aLowerBoundIsSought(String topic, String predicate, int fetched) {
    String query = "SELECT n FROM %s WHERE " + predicate;

    assertThat(tables.rows(query.formatted(topic)))
        .containsExactlyInAnyOrderElementsOf(tables.rows(query.formatted("all_of_" + topic)))
        .isNotEmpty();
    assertThat(FetchedMessages.all()).hasSize(fetched);
  }

  static Stream<Arguments> aLowerBoundIsSought() {
    int half = MESSAGES / 2;
    return Stream.of(
        Arguments.of("autumn", "ts >= TO_TIMESTAMP_LTZ(1761440400000, 3)", half),
        Arguments.of("autumn", "ts > '2025-10-26 04:00:00'", half - 13),
        Arguments.of("autumn", "ts > TIMESTAMP '2025-10-26 04:00:00'", half - 13),
        Arguments.of("autumn", "TIMESTAMP '2025-10-26 04:00:00.123' < ts", half - 13),
        Arguments.of("autumn", "ts = TIMESTAMP '2025-10-26 04:00:00'", half - 12),
        Arguments.of(
            "autumn",
            "ts BETWEEN TIMESTAMP '2025-10-26 04:00:00' AND TIMESTAMP '2025-10-26 05:00:00'",
            half - 12),
        Arguments.of("autumn", "CAST(ts AS TIMESTAMP(3)) > TIMESTAMP '2025-10-26 04:00:00'", 59),
        Arguments.of("autumn", "ts > TIMESTAMP '2025-10-26 00:30:00'", half + 14),
        // In the hour that comes twice, it may be the first.
        Arguments.of("autumn", "ts >= TIMESTAMP '2025-10-26 02:30:00'", half + 3),
        Arguments.of(
            "autumn", "CAST(ts AS TIMESTAMP(3)) >= TIMESTAMP '2025-10-26 02:30:00'", half + 3),
        // In the hour that does not come, it is that before its end.
        Arguments.of("spring", "ts >= TIMESTAMP '2025-03-30 02:30:00'", half + 3),
        Arguments.of(
            "spring", "CAST(ts AS TIMESTAMP(3)) >= TIMESTAMP '2025-03-30 02:30:00'", half + 3),
        Arguments.of("spring", "ts >= TIMESTAMP '2025-03-30 03:00:00'", half),
        Arguments.of("recent", "ts > CURRENT_TIMESTAMP - INTERVAL '5' HOUR", 5),
        Arguments.of("recent", "ts > NOW() - INTERVAL '1' DAY", 24));
  }

  @Test
  void aTimeWithoutAZoneIsNotTurnedIntoOneWithIt() {
    String predicate = "CAST(CAST(ts AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) > '2025-10-26 02:30:00'";
    assertThat(tables.rows("SELECT n FROM autumn WHERE " + predicate))
        .containsExactlyInAnyOrderElementsOf(
            tables.rows("SELECT n FROM all_of_autumn WHERE " + predicate));
    assertThat(FetchedMessages.all()).hasSize(MESSAGES);
  }

  private static void produce(String topic, IntFunction<Instant> time) {
    broker.createTopic(topic, 1);
    try (Producer<byte[], byte[]> producer = broker.producer(Map.of())) {
      for (int i = 0; i < MESSAGES; i++) {
        producer.send(
            new ProducerRecord<>(
                topic, 0, time.apply(i).toEpochMilli(), null, Integer.toString(i).getBytes(UTF_8)));
      }
    }
  }

  private static KafkaTables tables() {
    KafkaTables tables = KafkaTables.of(broker, RuntimeExecutionMode.BATCH);
    tables.environment().getConfig().set(TableConfigOptions.LOCAL_TIME_ZONE, "Europe/Berlin");
    for (String topic : new String[] {"autumn", "spring", "recent"}) {
      tables.with(topic, "n INT", "'format' = 'csv'");
      tables
          .environment()
          .executeSql(
              """
              CREATE TABLE all_of_%1$s (n INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp')
              WITH ('connector' = 'kafka', 'topic' = '%1$s', 'format' = 'csv',
                'properties.bootstrap.servers' = '%2$s',
                'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset')
              """
                  .formatted(topic, broker.bootstrapServers()));
    }
    return tables;
  }
}

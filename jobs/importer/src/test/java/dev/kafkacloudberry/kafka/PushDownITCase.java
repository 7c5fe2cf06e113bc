package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.CompiledPlan;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.PlanReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is fetched for a query, and that it is enough. */
@Timeout(120)
class PushDownITCase {

  private static final int PARTITIONS = 4;
  private static final int MESSAGES = 25_000;

  private static KafkaBroker broker;

  private final KafkaTables tables =
      KafkaTables.of(broker, RuntimeExecutionMode.BATCH)
          .with("big", "a INT, b INT", "'format' = 'csv'");

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    broker.createTopic("big", PARTITIONS);
    List<Message> messages = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (int offset = 0; offset < MESSAGES; offset++) {
        messages.add(Message.of(partition + "," + offset).to(partition));
      }
    }
    broker.produce("big", messages);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void forget() {
    FetchedMessages.forget();
  }

  @Test
  void theLastMessagesCostWhatTheyAreThemselves() {
    assertThat(tables.rows("SELECT part, offs, a, b FROM big WHERE part = 2 AND offs >= 24990"))
        .containsExactlyInAnyOrderElementsOf(
            LongStream.range(24_990, MESSAGES).mapToObj(o -> "2,%d,2,%d".formatted(o, o)).toList());
    assertThat(FetchedMessages.all()).hasSize(10);
  }

  @Test
  void eachPartitionIsReadFromItsOwnOffset() {
    assertThat(
            tables.rows(
                "SELECT part, offs FROM big WHERE (part = 0 AND offs > 24900)"
                    + " OR (part = 1 AND offs > 24950) OR (part = 3 AND offs > 24990)"))
        .hasSize(99 + 49 + 9);
    assertThat(FetchedMessages.all()).hasSize(99 + 49 + 9);
  }

  @Test
  void aLimitStopsReading() {
    assertThat(tables.rows("SELECT * FROM big WHERE part = 0 AND offs > 1000 LIMIT 60"))
        .hasSize(60)
        .allMatch(row -> row.startsWith("0,"));
    // What was fetched ahead while the first 60 were on their way.
    assertThat(FetchedMessages.all()).hasSizeLessThanOrEqualTo(5 * 60);
  }

  @Test
  void aShortRangeIsNotReadBeyond() {
    assertThat(tables.rows("SELECT offs FROM big WHERE part = 1 AND offs BETWEEN 100 AND 109"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(100, 110).mapToObj(Integer::toString).toList());
    assertThat(FetchedMessages.all()).hasSize(10);
  }

  @Test
  void wideGapsAreSoughtOver() {
    assertThat(
            tables.rows("SELECT offs FROM big WHERE part = 1 AND offs IN (5, 9000, 9001, 20000)"))
        .containsExactlyInAnyOrder("5", "9000", "9001", "20000");
    assertThat(FetchedMessages.all()).hasSizeLessThan(10);
  }

  @Test
  void narrowGapsAreReadThrough() {
    assertThat(tables.rows("SELECT offs FROM big WHERE part = 1 AND offs IN (5, 50)"))
        .containsExactlyInAnyOrder("5", "50");
    assertThat(FetchedMessages.all()).hasSize(46);
  }

  @Test
  void aContradictionReadsNothing() {
    assertThat(tables.rows("SELECT * FROM big WHERE part = 0 AND offs < 0")).isEmpty();
    assertThat(tables.rows("SELECT * FROM big WHERE part = 1 AND offs > 10 AND offs < 3"))
        .isEmpty();
    assertThat(FetchedMessages.all()).isEmpty();
  }

  @Test
  void anUnknownPartitionHasNoRows() {
    assertThat(tables.rows("SELECT * FROM big WHERE part = 99")).isEmpty();
    assertThat(tables.rows("SELECT * FROM big WHERE part = 3000000000")).isEmpty();
    assertThat(tables.rows("SELECT * FROM big WHERE part = 0 AND offs > 3000000")).isEmpty();
    assertThat(FetchedMessages.all()).isEmpty();
  }

  @Test
  void whatIsNotPushedStaysAFilter() {
    assertThat(tables.rows("SELECT offs FROM big WHERE part = 1 AND offs < 100 AND MOD(b, 10) = 3"))
        .hasSize(10);
    assertThat(FetchedMessages.all()).hasSize(100);
  }

  @Test
  void predicatesReachTheSourceThroughViewsJoinsAndUnions() {
    tables
        .environment()
        .executeSql("CREATE TEMPORARY VIEW narrow AS SELECT part AS p, offs AS o, b FROM big");
    assertThat(
            tables.rows(
                "SELECT l.o, r.o FROM narrow l JOIN narrow r ON l.b = r.b"
                    + " WHERE l.p = 0 AND l.o < 10 AND r.p = 1 AND r.o BETWEEN 5 AND 14"))
        .hasSize(5);
    assertThat(FetchedMessages.all()).hasSizeLessThanOrEqualTo(20);

    FetchedMessages.forget();
    assertThat(
            tables.rows(
                "SELECT o FROM (SELECT p, o FROM narrow WHERE p = 2 UNION ALL"
                    + " SELECT p, o FROM narrow WHERE p = 3) WHERE o IN (1, 2, 3)"))
        .hasSize(6);
    assertThat(FetchedMessages.all()).hasSize(6);
  }

  @Test
  void onlyTheColumnsThatAQueryUsesAreDecoded() {
    broker.createTopic("broken", 1);
    broker.produce(
        "broken", List.of(Message.of("1,x"), Message.of("2,x"), new Message(null, null, null)));
    tables.with("broken", "a INT, b DATE", "'format' = 'csv'");

    assertThat(tables.rows("SELECT a FROM broken")).containsExactly("1", "2");
    assertThat(tables.rows("SELECT offs, part FROM broken")).containsExactly("0,0", "1,0");
    assertThat(tables.rows("SELECT COUNT(*) FROM broken WHERE offs < 2")).containsExactly("2");
    assertThat(tables.rows("SELECT MAX(offs) FROM broken")).containsExactly("1");
    assertThatThrownBy(() -> tables.rows("SELECT b FROM broken"))
        .hasStackTraceContaining(
            "The message at offset 0 of partition 0 of topic 'broken' cannot be decoded: ");
  }

  @Test
  void aKeyIsDecodedWhereItIsUsedAndMayBeMissing() {
    broker.createTopic("keyed", 1);
    broker.produce("keyed", List.of(Message.of("7", "1,2"), Message.of("3,4")));
    tables.with(
        "keyed",
        "k_id INT, a INT, b INT",
        "'key.format' = 'csv', 'key.fields' = 'k_id', 'key.fields-prefix' = 'k_',"
            + " 'value.format' = 'csv', 'value.fields-include' = 'EXCEPT_KEY'");

    assertThat(tables.rows("SELECT b, k_id, a FROM keyed")).containsExactly("2,7,1", "4,null,3");
    assertThat(tables.rows("SELECT b FROM keyed WHERE part = 0")).containsExactly("2", "4");
    assertThat(tables.rows("SELECT k_id, offs FROM keyed")).containsExactly("7,0", "null,1");
  }

  @Test
  void explainShowsTheRanges() {
    assertThat(
            tables
                .environment()
                .explainSql(
                    "SELECT * FROM big WHERE NOT (part <> 0 OR offs <= 1000) AND offs < 2000"
                        + " OR part IN (2, 3) AND offs IN (5, 6, 9) LIMIT 60"))
        .contains(
            "filter=[IS NOT NULL(_UTF-16LE'fetched: partition 0: [1001, 2000);"
                + " partitions 2 to 3: [5, 7) [9, 10)'")
        .contains("limit=[60]");
    assertThat(tables.environment().explainSql("SELECT * FROM big WHERE offs < 0"))
        .contains("fetched: nothing");
    assertThat(tables.rows("SELECT offs FROM big WHERE part = 1 AND offs >= 0 LIMIT 3")).hasSize(3);
  }

  @Test
  void theNameInTheExecutionPlanTellsTheRangesToo() {
    String query =
        "SELECT a FROM big WHERE part = 0 AND offs > 1000 AND ts > TO_TIMESTAMP_LTZ(5, 3)";

    assertThat(tables.environment().explainSql(query))
        .contains("fetched: partition 0: [1001, ∞) since 6 ms'")
        .contains("project=[a], metadata=[timestamp]")
        .contains("Calc(select=[a], where=[(ts > 1970-01-01 00:00:00.005)])");
    assertThat(tables.environment().explainSql(query, ExplainDetail.JSON_EXECUTION_PLAN))
        .contains(
            "KafkaSource-default_catalog.default_database.big of partition 0: [1001, ∞) since 6 ms");
  }

  @Test
  void twoScansOfTheSameOffsetsAreOne() {
    assertThat(
            tables.rows(
                "SELECT a FROM big WHERE part = 1 AND offs < 3"
                    + " UNION ALL SELECT b FROM big WHERE offs <= 2 AND part IN (1)"))
        .containsExactlyInAnyOrder("1", "1", "1", "0", "1", "2");
    assertThat(FetchedMessages.all()).hasSize(3);
  }

  @Test
  void aCompiledPlanKeepsTheRanges() {
    KafkaTables streaming =
        KafkaTables.of(broker, RuntimeExecutionMode.STREAMING)
            .with("big", "a INT, b INT", "'format' = 'csv'");
    streaming
        .environment()
        .executeSql("CREATE TABLE nowhere (a INT) WITH ('connector' = 'blackhole')");
    CompiledPlan plan =
        streaming
            .environment()
            .compilePlanSql(
                "INSERT INTO nowhere SELECT a FROM big WHERE part = 1 AND offs IN (3, 7)"
                    + " AND ts >= TO_TIMESTAMP_LTZ(0, 3)");

    assertThat(
            streaming
                .environment()
                .loadPlan(PlanReference.fromJsonString(plan.asJsonString()))
                .explain(ExplainDetail.JSON_EXECUTION_PLAN))
        .contains("of partition 1: [3, 4) [7, 8)");
  }
}

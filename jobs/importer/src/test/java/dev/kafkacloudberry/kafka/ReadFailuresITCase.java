package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What cannot be read is an error that says so, and is not tried for ever. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadFailuresITCase {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FORMAT = "'format' = 'csv'";

  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aTopicThatDoesNotExistIsNamedWithTheBrokers() {
    KafkaTables tables = tables(broker.bootstrapServers()).with("nowhere", "n INT", FORMAT);

    assertThatThrownBy(() -> tables.rows("SELECT n FROM nowhere"))
        .rootCause()
        .hasMessageContaining("Cannot find the partitions of topic nowhere of the brokers ")
        .hasMessageContaining(broker.bootstrapServers())
        .hasMessageContaining("This server does not host this topic-partition");
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNamedWithTheTopic() {
    KafkaTables tables =
        tables("127.0.0.1:1")
            .with(
                "nowhere",
                "n INT",
                FORMAT
                    + ", 'properties.default.api.timeout.ms' = '2000',"
                    + " 'properties.request.timeout.ms' = '1000'");

    assertThatThrownBy(() -> tables.rows("SELECT n FROM nowhere"))
        .rootCause()
        .hasMessageContaining(
            "Cannot find the partitions of topic nowhere of the brokers 127.0.0.1:1. Check the"
                + " table's 'topic', 'properties.bootstrap.servers' and the other 'properties.*':"
                + " Timed out");
  }

  @Test
  void settingsThatReachNoBrokerAreNamedWithTheTopic() {
    KafkaTables tables =
        tables(broker.bootstrapServers())
            .with("nowhere", "n INT", FORMAT + ", 'properties.security.protocol' = 'SASL_SSL'");

    assertThatThrownBy(() -> tables.rows("SELECT n FROM nowhere"))
        .rootCause()
        .hasMessageContaining("Cannot find the partitions of topic nowhere of the brokers ")
        .hasMessageContaining("JAAS configuration");
  }

  @Test
  void aResetThatFlinkDoesNotKnowIsRefused() {
    KafkaTables tables =
        tables(broker.bootstrapServers())
            .with(
                "nowhere",
                "n INT",
                FORMAT
                    + ", 'scan.startup.mode' = 'group-offsets', 'properties.group.id' = 'g',"
                    + " 'properties.auto.offset.reset' = 'by_duration:PT1H'");

    assertThatThrownBy(() -> tables.rows("SELECT n FROM nowhere"))
        .hasStackTraceContaining("'properties.auto.offset.reset' is 'by_duration:PT1H', which is")
        .hasStackTraceContaining("earliest, latest or none");
  }

  @Test
  void aPatternThatFitsNoTopicDoesNotHangABatchQuery() {
    KafkaTables tables =
        tables(broker.bootstrapServers(), RuntimeExecutionMode.BATCH)
            .with("nowhere", "n INT", FORMAT);
    tables.environment().executeSql("ALTER TABLE nowhere RESET ('topic')");
    tables.environment().executeSql("ALTER TABLE nowhere SET ('topic-pattern' = 'no.*where')");

    assertThatThrownBy(() -> tables.rows("SELECT n FROM nowhere"))
        .rootCause()
        .hasMessageContaining("Cannot find the partitions of topic no.*where of the brokers ")
        .hasMessageContaining("There is no such topic");
  }

  @Test
  void offsetsThatAreRequestedAndGoneFailUnlessTheGapIsAccepted() {
    topic("requested");
    String options =
        FORMAT
            + ", 'scan.startup.mode' = 'specific-offsets',"
            + " 'scan.startup.specific-offsets' = 'partition:0,offset:5'";
    KafkaTables tables =
        tables(broker.bootstrapServers(), RuntimeExecutionMode.BATCH)
            .with("requested", "n INT", options);

    assertThatThrownBy(() -> tables.rows("SELECT n FROM requested"))
        .rootCause()
        .hasMessage(
            "Offset 5 of partition 0 of topic 'requested' is not there, only those from 15 to 19."
                + " To go on with the first that is there, set 'scan.missing-offsets' = 'skip' in"
                + " the table's options.");
    assertThat(
            tables.rows("SELECT n FROM requested /*+ OPTIONS('scan.missing-offsets' = 'skip') */"))
        .containsExactly("15", "16", "17", "18", "19");
  }

  @Test
  void aTopicThatIsDeletedWhileItIsReadEndsABatchQuery() {
    topic("deleted");
    KafkaTables tables =
        tables(broker.bootstrapServers(), RuntimeExecutionMode.BATCH)
            .with(
                "deleted",
                "n INT",
                FORMAT
                    + ", 'scan.bounded.mode' = 'specific-offsets',"
                    + " 'scan.bounded.specific-offsets' = 'partition:0,offset:21',"
                    + " 'properties.interceptor.classes' = '%s'"
                        .formatted(FetchedMessages.class.getName()));
    FetchedMessages.forget();
    Iterator<Row> rows = tables.environment().executeSql("SELECT n FROM deleted").collect();
    await().atMost(SOON).until(() -> FetchedMessages.all().contains("0:19"));

    broker.deleteTopic("deleted");

    assertThatThrownBy(() -> rows.forEachRemaining(row -> {}))
        .rootCause()
        .hasMessageContaining("Topic 'deleted' was deleted while it was read");
  }

  private static void topic(String name) {
    broker.createTopic(name, 1);
    broker.produce(name, messages(0, 20));
    broker.deleteRecords(name, 0, 15);
  }

  private static List<Message> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Message.of(Integer.toString(n))).toList();
  }

  /** Streaming jobs that restart whenever they can. */
  private static KafkaTables tables(String brokers) {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    return KafkaTables.of(brokers, RuntimeExecutionMode.STREAMING, configuration);
  }

  private static KafkaTables tables(String brokers, RuntimeExecutionMode mode) {
    return KafkaTables.of(brokers, mode, new Configuration());
  }
}

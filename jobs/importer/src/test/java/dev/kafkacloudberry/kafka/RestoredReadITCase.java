package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A query goes on exactly where its savepoint says, or fails. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RestoredReadITCase {

  private static final String SKIP = ", 'scan.missing-offsets' = 'skip'";

  private static KafkaBroker broker;

  @TempDir private Path savepoints;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void messagesThatHaveExpiredSinceFailUnlessTheGapIsAccepted() {
    broker.createTopic("expired", 1);
    broker.produce("expired", messages(0, 10));
    String savepoint = savepointBehind("expired", 10);
    broker.produce("expired", messages(10, 20));
    broker.deleteRecords("expired", 0, 15);

    try (KafkaTables.RunningQuery query = restored("expired", savepoint, "")) {
      assertThatThrownBy(() -> query.next(1))
          .rootCause()
          .hasMessageStartingWith(
              "Offset 10 of partition 0 of topic 'expired' is not there, only those from 15 to 19.");
    }
    try (KafkaTables.RunningQuery query = restored("expired", savepoint, SKIP)) {
      assertThat(query.next(5)).containsExactly("15", "16", "17", "18", "19");
    }
  }

  @Test
  void theMarkerOfATransactionMayHaveExpiredToo() {
    broker.createTopic("marker", 1);
    try (Producer<byte[], byte[]> producer =
        broker.producer(Map.of("transactional.id", "marker"))) {
      producer.initTransactions();
      producer.beginTransaction();
      messages(0, 2)
          .forEach(m -> producer.send(new ProducerRecord<>("marker", 0, null, m.value())));
      producer.commitTransaction();
    }
    String savepoint = savepointBehind("marker", 2);
    broker.produce("marker", messages(3, 5));
    broker.deleteRecords("marker", 0, 3);

    try (KafkaTables.RunningQuery query = restored("marker", savepoint, "")) {
      assertThat(query.next(2)).containsExactly("3", "4");
    }
  }

  @Test
  void messagesOfAPartitionThatWasEmptyAreMissedToo() {
    broker.createTopic("unread", 2);
    broker.produce("unread", List.of(Message.of("0").to(1)));
    String savepoint = savepointBehind("unread", 1);
    broker.produce("unread", messages(0, 5));
    broker.deleteRecords("unread", 0, 3);

    try (KafkaTables.RunningQuery query = restored("unread", savepoint, "")) {
      assertThatThrownBy(() -> query.next(1))
          .rootCause()
          .hasMessageStartingWith(
              "Offset 0 of partition 0 of topic 'unread' is not there, only those from 3 to 4.");
    }
  }

  @Test
  void aTopicThatWasCreatedAnewIsAnotherHoweverManyMessagesItHas() {
    broker.createTopic("anew", 1);
    broker.produce("anew", messages(0, 3));
    String savepoint = savepointBehind("anew", 3);
    broker.deleteTopic("anew");
    broker.createTopic("anew", 1);
    broker.produce("anew", messages(10, 20));

    try (KafkaTables.RunningQuery query = restored("anew", savepoint, "")) {
      assertThatThrownBy(() -> query.next(1))
          .rootCause()
          .hasMessageContaining("Offset 3 of partition 0 is wanted of a topic 'anew' that is no ")
          .hasMessageContaining("'scan.missing-offsets' = 'skip'");
    }
    try (KafkaTables.RunningQuery query = restored("anew", savepoint, SKIP)) {
      assertThat(query.next(3)).containsExactly("10", "11", "12");
    }
  }

  @Test
  void aTopicThatIsCreatedAnewWhileItIsReadIsNoticed() {
    broker.createTopic("swapped", 1);
    MatchingPartitions partitions =
        new MatchingPartitions(
            KafkaSubscriber.getTopicListSubscriber(List.of("swapped")),
            TopicSelection.ALL,
            false,
            "topic swapped");
    try (AdminClient admin =
        AdminClient.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      partitions.getSubscribedTopicPartitions(admin);
      assertThat(partitions.getSubscribedTopicPartitions(admin)).hasSize(1);
      broker.deleteTopic("swapped");
      broker.createTopic("swapped", 1);

      assertThatThrownBy(() -> partitions.getSubscribedTopicPartitions(admin))
          .hasMessageContaining(
              "The topic 'swapped' was deleted and created anew while it was read.");
    }
  }

  private String savepointBehind(String topic, int rows) {
    try (KafkaTables.RunningQuery query = run(topic, new Configuration(), "")) {
      assertThat(query.next(rows)).hasSize(rows);
      return query.stopWithSavepoint(savepoints);
    }
  }

  private static KafkaTables.RunningQuery restored(String topic, String savepoint, String options) {
    Configuration configuration = new Configuration();
    configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    // Flink gives what collects the rows another id every time.
    configuration.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
    return run(topic, configuration, options);
  }

  /** With one reader, which has begun with all partitions when a message of one has come. */
  private static KafkaTables.RunningQuery run(
      String topic, Configuration configuration, String options) {
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    return KafkaTables.of(broker.bootstrapServers(), RuntimeExecutionMode.STREAMING, configuration)
        .with(topic, "n INT", "'format' = 'csv'" + options)
        .run("SELECT n FROM " + topic);
  }

  private static List<Message> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Message.of(Integer.toString(n)).to(0)).toList();
  }
}

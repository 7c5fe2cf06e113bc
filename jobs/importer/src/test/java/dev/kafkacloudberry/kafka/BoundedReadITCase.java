package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every message up to the end is read, and then the query ends, whatever lies between. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedReadITCase {

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
  void whatTransactionsCommittedIsReadUpToTheirMarkers() {
    broker.createTopic("transactions", 1);
    try (Producer<byte[], byte[]> producer = producer("done")) {
      transaction(producer, "transactions", "1", "2").commitTransaction();
      transaction(producer, "transactions", "3").abortTransaction();
      transaction(producer, "transactions", "4").commitTransaction();
      transaction(producer, "transactions", "5", "6").abortTransaction();
    }

    KafkaTables tables = tables("transactions", 1);
    assertThat(tables.rows("SELECT n FROM transactions")).containsExactly("1", "2", "4");
    assertThat(tables.rows("SELECT n FROM transactions WHERE offs < 3")).containsExactly("1", "2");
    assertThat(tables.rows("SELECT n FROM transactions WHERE offs IN (2, 4, 7)")).isEmpty();
  }

  @Test
  void aBrokerThatAnswersWithNothingForAWhileIsWaitedFor() throws Exception {
    broker.createTopic("slow", 1);
    broker.produce("slow", messages(0, 1000, 0));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      // A broker answers a fetch beyond the quota with no messages, and then not at all for a time.
      ClientQuotaEntity reader =
          new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "slow-0"));
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      reader, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", 1000d)))))
          .all()
          .get();
    }

    assertThat(
            tables(
                    "slow",
                    1,
                    "'properties.client.id.prefix' = 'slow'",
                    "'properties.max.partition.fetch.bytes' = '1000'",
                    "'buffer-delay' = '1 ms'")
                .rows("SELECT n FROM slow"))
        .hasSize(1000);
  }

  @Test
  void anOpenTransactionIsNotWaitedFor() {
    broker.createTopic("unfinished", 1);
    broker.produce("unfinished", List.of(Message.of("1"), Message.of("2")));
    try (Producer<byte[], byte[]> producer = producer("unfinished")) {
      transaction(producer, "unfinished", "3");
      broker.produce("unfinished", Message.of("4"));

      assertThat(tables("unfinished", 1).rows("SELECT n FROM unfinished"))
          .containsExactly("1", "2");

      producer.commitTransaction();
      assertThat(tables("unfinished", 1).rows("SELECT n FROM unfinished"))
          .containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void compactedGapsAreSteppedOver() {
    broker.createTopic(
        "compacted",
        1,
        Map.of(
            "cleanup.policy",
            "compact",
            "segment.ms",
            "100",
            "min.cleanable.dirty.ratio",
            "0.001",
            "min.compaction.lag.ms",
            "0"));
    for (int i = 0; i < 20; i++) {
      broker.produce("compacted", Message.of("k", Integer.toString(i)));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              broker.produce("compacted", Message.of("roll", "99"));
              return broker.read("compacted").stream().noneMatch(m -> m.offset() < 19);
            });

    KafkaTables tables = tables("compacted", 1);
    assertThat(tables.rows("SELECT offs, n FROM compacted WHERE n < 99")).containsExactly("19,19");
    assertThat(tables.rows("SELECT n FROM compacted WHERE offs < 10")).isEmpty();
    assertThat(tables.rows("SELECT n FROM compacted WHERE offs BETWEEN 3 AND 19"))
        .containsExactly("19");
  }

  @Test
  void deletedMessagesAreNotMissedByAnAdHocQuery() {
    broker.createTopic("deleted", 2);
    broker.produce("deleted", messages(0, 20, 0));
    broker.deleteRecords("deleted", 0, 15);
    broker.produce("deleted", messages(0, 5, 1));
    broker.deleteRecords("deleted", 1, 5);

    assertThat(tables("deleted", 2).rows("SELECT offs FROM deleted WHERE offs > 3"))
        .containsExactlyInAnyOrder("15", "16", "17", "18", "19");
  }

  @Test
  void rangesThatHaveExpiredAreNotMissedByAnAdHocQuery() {
    broker.createTopic("expired", 1);
    broker.produce("expired", messages(0, 30, 0));
    broker.deleteRecords("expired", 0, 20);
    KafkaTables tables = tables("expired", 1, "'batch-size' = '1'");

    assertThat(tables.rows("SELECT offs FROM expired WHERE offs = 2 OR offs = 10")).isEmpty();
    assertThat(
            tables.rows("SELECT offs FROM expired WHERE offs IN (2, 10) OR offs BETWEEN 15 AND 21"))
        .containsExactly("20", "21");
    assertThat(tables.rows("SELECT offs FROM expired WHERE offs IN (2, 10, 25)"))
        .containsExactly("25");
  }

  @Test
  void anEndInTimeDoesNotWaitForAnOpenTransaction() {
    broker.createTopic("open_end", 1);
    broker.produce("open_end", Message.of("1"));
    try (Producer<byte[], byte[]> producer = producer("open_end")) {
      transaction(producer, "open_end", "2");
      broker.produce("open_end", Message.of("3"));

      assertThat(
              tables(
                      "open_end",
                      1,
                      "'scan.bounded.mode' = 'timestamp'",
                      "'scan.bounded.timestamp-millis' = '4000000000000'")
                  .rows("SELECT n FROM open_end"))
          .containsExactly("1");
      producer.abortTransaction();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4", "64, 1", "64, 3", "3, 8"})
  void everyPartitionIsReadWhateverTheParallelism(int partitions, int parallelism) {
    String topic = "parallel_%d_%d".formatted(partitions, parallelism);
    broker.createTopic(topic, partitions);
    List<Message> messages = new ArrayList<>();
    for (int partition = 0; partition < partitions; partition++) {
      messages.addAll(messages(0, 10, partition));
    }
    broker.produce(topic, messages);

    assertThat(
            tables(topic, parallelism)
                .rows("SELECT COUNT(*), SUM(n), COUNT(DISTINCT part) FROM " + topic))
        .containsExactly("%d,%d,%d".formatted(10 * partitions, 45 * partitions, partitions));
  }

  @Test
  void timesAreSought() {
    broker.createTopic("times", 1);
    try (Producer<byte[], byte[]> producer = broker.producer(Map.of())) {
      for (int i = 0; i < 100; i++) {
        // The 50th comes late.
        long time = i == 50 ? 1000 : 1000 * i;
        producer.send(new ProducerRecord<>("times", 0, time, null, Integer.toString(i).getBytes()));
      }
    }
    FetchedMessages.forget();

    assertThat(
            tables("times", 1)
                .rows("SELECT n FROM times WHERE ts >= TO_TIMESTAMP_LTZ(48000, 3) AND n < 53"))
        .containsExactly("48", "49", "51", "52");
    assertThat(FetchedMessages.all()).hasSize(52);
    assertThat(tables("times", 1).rows("SELECT n FROM times WHERE ts <= TO_TIMESTAMP_LTZ(1000, 3)"))
        .containsExactly("0", "1", "50");
    assertThat(tables("times", 1).rows("SELECT n FROM times WHERE ts > TO_TIMESTAMP_LTZ(99000, 3)"))
        .isEmpty();
  }

  private static KafkaTables tables(String topic, int parallelism, String... options) {
    return KafkaTables.of(
            broker.bootstrapServers(),
            RuntimeExecutionMode.BATCH,
            new Configuration().set(CoreOptions.DEFAULT_PARALLELISM, parallelism))
        .with(
            topic,
            "n INT",
            "'format' = 'csv'"
                + Stream.of(options).map(o -> ", " + o).collect(Collectors.joining()));
  }

  private static List<Message> messages(int from, int to, int partition) {
    return IntStream.range(from, to)
        .mapToObj(n -> Message.of(Integer.toString(n)).to(partition))
        .toList();
  }

  private static Producer<byte[], byte[]> producer(String transactionalId) {
    Producer<byte[], byte[]> producer =
        broker.producer(Map.of("transactional.id", transactionalId));
    producer.initTransactions();
    return producer;
  }

  private static Producer<byte[], byte[]> transaction(
      Producer<byte[], byte[]> producer, String topic, String... values) {
    producer.beginTransaction();
    for (String value : values) {
      producer.send(new ProducerRecord<>(topic, value.getBytes()));
    }
    producer.flush();
    return producer;
  }
}

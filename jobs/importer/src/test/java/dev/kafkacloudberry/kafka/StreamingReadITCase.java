package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same predicates on a topic that goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamingReadITCase {

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
  void offsetsThatDoNotExistYetAreWaitedFor() throws Exception {
    broker.createTopic("future", 2);
    broker.produce("future", messages(0, 10));
    KafkaTables tables = tables("future", "");

    try (KafkaTables.RunningQuery query =
        tables.run("SELECT n FROM future WHERE part = 0 AND (offs = 3 OR offs > 12)")) {
      assertThat(query.next(1)).containsExactly("3");
      broker.produce("future", messages(10, 15));
      assertThat(query.next(1)).containsExactly("13");
      assertThat(query.next(1)).containsExactly("14");
    }
  }

  @Test
  void gapsAreSoughtOverAsFarAsTheTopicGoes() {
    broker.createTopic("gaps", 1);
    broker.produce("gaps", messages(0, 5000));
    FetchedMessages.forget();

    try (KafkaTables.RunningQuery query =
        tables("gaps", ", 'batch-size' = '10'")
            .run("SELECT n FROM gaps WHERE offs IN (3, 4000) OR offs > 5004")) {
      assertThat(query.next(2)).containsExactly("3", "4000");
      broker.produce("gaps", messages(5000, 5006));
      assertThat(query.next(1)).containsExactly("5005");
    }
    assertThat(FetchedMessages.all()).hasSizeLessThan(50);
  }

  @Test
  void anEmptyPartitionWaitsForItsFirstMatch() {
    broker.createTopic("waiting", 2);
    broker.produce("waiting", messages(0, 1));

    try (KafkaTables.RunningQuery query =
        tables("waiting", "").run("SELECT part, n FROM waiting WHERE offs >= 2")) {
      broker.produce("waiting", messages(1, 3));
      assertThat(query.next(1)).containsExactly("0,2");
    }
  }

  @Test
  void partitionsThatDoNotExistYetAreWaitedFor() throws Exception {
    broker.createTopic("later", 1);
    broker.produce("later", messages(0, 10));
    KafkaTables tables = tables("later", ", 'scan.topic-partition-discovery.interval' = '200 ms'");

    try (KafkaTables.RunningQuery query =
        tables.run("SELECT part, n FROM later WHERE part IN (0, 2) AND offs BETWEEN 3 AND 4")) {
      assertThat(query.next(2)).containsExactly("0,3", "0,4");
      addPartitions("later", 3);
      broker.produce(
          "later", IntStream.range(0, 10).mapToObj(n -> Message.of("" + n).to(2)).toList());
      assertThat(query.next(2)).containsExactly("2,3", "2,4");
    }
  }

  @Test
  void aContradictionEndsAtOnce() {
    broker.createTopic("nothing", 2);
    broker.produce("nothing", messages(0, 10));

    assertThat(tables("nothing", "").rows("SELECT n FROM nothing WHERE offs < 0")).isEmpty();
  }

  @Test
  void partitionsThatAreAddedAreReadFromTheirBeginning() throws Exception {
    broker.createTopic("growing", 1);
    broker.produce("growing", messages(0, 1));
    KafkaTables tables =
        tables("growing", ", 'scan.topic-partition-discovery.interval' = '200 ms'");

    try (KafkaTables.RunningQuery query =
        tables.run("SELECT part, n FROM growing WHERE part <> 2 AND offs <> 1")) {
      assertThat(query.next(1)).containsExactly("0,0");
      addPartitions("growing", 4);
      broker.produce(
          "growing",
          List.of(
              Message.of("9").to(2),
              Message.of("5").to(3),
              Message.of("6").to(3),
              Message.of("7").to(3)));
      assertThat(query.next(1)).containsExactly("3,5");
      assertThat(query.next(1)).containsExactly("3,7");
    }
  }

  private static KafkaTables tables(String topic, String options) {
    return KafkaTables.of(broker, RuntimeExecutionMode.STREAMING)
        .with(topic, "n INT", "'format' = 'csv'" + options);
  }

  private static List<Message> messages(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Message.of(Integer.toString(n)).to(0)).toList();
  }

  private static void addPartitions(String topic, int count) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count))).all().get();
    }
  }
}

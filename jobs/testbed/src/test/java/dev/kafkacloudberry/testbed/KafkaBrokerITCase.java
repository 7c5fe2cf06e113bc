package dev.kafkacloudberry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class KafkaBrokerITCase {
  @AutoClose private static final KafkaBroker kafka = KafkaBroker.start();

  @Test
  void messagesArriveInTheirPartitionsInOrder() {
    kafka.createTopic("four", 4);

    kafka.produce(
        "four", IntStream.range(0, 40).mapToObj(i -> Message.of("k", "v" + i).to(i % 4)).toList());

    assertThat(kafka.endOffsets("four")).isEqualTo(Map.of(0, 10L, 1, 10L, 2, 10L, 3, 10L));
    assertThat(kafka.read("four"))
        .hasSize(40)
        .first()
        .satisfies(record -> assertThat(record.key()).asString(UTF_8).isEqualTo("k"));
    assertThat(values("four").subList(10, 13)).containsExactly("v1", "v5", "v9");
  }

  @Test
  void aTransactionIsReadOnlyAfterItsCommit() {
    kafka.createTopic("transactional", 1);
    try (Producer<byte[], byte[]> producer =
        kafka.producer(Map.of("transactional.id", "a-transaction"))) {
      producer.initTransactions();

      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactional", "aborted".getBytes(UTF_8)));
      producer.flush();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("transactional", "committed".getBytes(UTF_8)));
      producer.flush();
      assertThat(values("transactional")).isEmpty();
      producer.commitTransaction();
    }
    assertThat(values("transactional")).containsExactly("committed");
  }

  @Test
  void deletedRecordsMoveTheBeginning() {
    kafka.createTopic("trimmed", 1);
    kafka.produce("trimmed", List.of(Message.of("a"), Message.of("b"), Message.of("c")));

    kafka.deleteRecords("trimmed", 0, 2);

    assertThat(kafka.beginningOffsets("trimmed")).containsExactly(Map.entry(0, 2L));
    assertThat(values("trimmed")).containsExactly("c");
  }

  @Test
  void aMessageThatIsRefusedIsAnError() {
    kafka.createTopic("small", 1, Map.of("max.message.bytes", "100"));

    assertThatThrownBy(() -> kafka.produce("small", Message.of("x".repeat(1000))))
        .hasMessageContaining("small")
        .hasCauseInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void aTopicIsNotCreatedByUse() {
    try (Producer<byte[], byte[]> producer = kafka.producer(Map.of("max.block.ms", "1000"))) {
      Future<?> sent = producer.send(new ProducerRecord<>("forgotten", new byte[0]));
      assertThat(sent).failsWithin(Duration.ofSeconds(5));
    }
  }

  @Test
  void aDeletedTopicIsGone() {
    kafka.createTopic("deleted", 1);
    kafka.deleteTopic("deleted");

    assertThatThrownBy(() -> kafka.endOffsets("deleted")).hasMessageContaining("topic");
  }

  @Test
  void twoBrokersRunSideBySide() {
    try (KafkaBroker other = KafkaBroker.start()) {
      other.createTopic("elsewhere", 1);
      other.produce("elsewhere", Message.of("there"));
      assertThat(other.read("elsewhere")).hasSize(1);
    }
    assertThatThrownBy(() -> kafka.endOffsets("elsewhere")).hasMessageContaining("topic");
  }

  @Test
  void aSecondPortAsksForALogin() {
    SaslLogin login = new SaslLogin("importer", "secret");
    try (KafkaBroker broker = KafkaBroker.start(login)) {
      broker.createTopic("guarded", 1);
      try (Producer<byte[], byte[]> producer =
          broker.producer(saslSettings(broker, login.clientProperties()))) {
        assertThat(producer.send(new ProducerRecord<>("guarded", "in".getBytes(UTF_8))))
            .succeedsWithin(Duration.ofSeconds(20));
      }
      SaslLogin other = new SaslLogin("importer", "wrong");
      try (Producer<byte[], byte[]> producer =
          broker.producer(saslSettings(broker, other.clientProperties()))) {
        assertThatThrownBy(() -> producer.partitionsFor("guarded"))
            .isInstanceOf(SaslAuthenticationException.class);
      }
      assertThat(broker.read("guarded")).hasSize(1);
    }
  }

  private static Map<String, Object> saslSettings(KafkaBroker broker, Map<String, String> login) {
    Map<String, Object> settings = new HashMap<>(login);
    settings.put("bootstrap.servers", broker.saslBootstrapServers());
    return settings;
  }

  private static List<String> values(String topic) {
    return kafka.read(topic).stream().map(record -> new String(record.value(), UTF_8)).toList();
  }
}

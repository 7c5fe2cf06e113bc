package dev.kafkacloudberry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.connector.kafka.sink.KafkaPartitioner;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** INSERT INTO tables whose column names the partition. */
@Timeout(120)
class PartitionedInsertITCase {

  private static final Path SQL = Path.of("../../sql");

  private static KafkaBroker broker;
  private static FlinkCluster flink;

  private TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    flink = FlinkCluster.start(1, 2);
  }

  @AfterAll
  static void stop() {
    try (KafkaBroker first = broker;
        FlinkCluster second = flink) {
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAMING", "BATCH"})
  void theGuidesInsertReachesThePartitionsThatItNames(RuntimeExecutionMode mode) throws Exception {
    broker.createTopic("contrib_regress_csv", 4);
    try {
      tables = environment(mode);
      tables.executeSql(Files.readString(SQL.resolve("tables/kafka_test_csv.sql")));
      insert(Files.readString(SQL.resolve("queries/insert_into_partitions.sql")));

      List<String> messages = messages("contrib_regress_csv");
      assertThat(messages)
          .hasSize(5)
          .contains(
              "0 5464565,some text goes into partition 0,,",
              "1 5464565,some text goes into partition 1,,",
              "3 5464565,some text goes into partition 3,,");
      assertThat(messages)
          .filteredOn("0 5464565,some text goes into partition 0,,"::equals)
          .hasSize(2);
      assertThat(messages).filteredOn(message -> message.contains("selected by kafka")).hasSize(1);
    } finally {
      broker.deleteTopic("contrib_regress_csv");
    }
  }

  @Test
  void theGuidesInsertWritesJsonToo() throws Exception {
    broker.createTopic("contrib_regress_json", 4);
    tables.executeSql(Files.readString(SQL.resolve("tables/kafka_test_json.sql")));
    insert(Files.readString(SQL.resolve("queries/insert_into_partitions.sql")));

    assertThat(messages("contrib_regress_json"))
        .hasSize(5)
        .contains(
            """
            1 {"some_int":5464565,"some_text":"some text goes into partition 1","some_date":null,"some_time":null}""");
  }

  @Test
  void withoutThePartitionKafkaChooses() throws Exception {
    broker.createTopic("unnamed", 3);
    table("unnamed", "part INT METADATA FROM 'partition', n INT", "'format' = 'json'");
    insert("INSERT INTO unnamed(n) VALUES (1), (2)");

    assertThat(broker.read("unnamed"))
        .extracting(PartitionedInsertITCase::text)
        .containsExactlyInAnyOrder("{\"n\":1}", "{\"n\":2}");
  }

  @Test
  void aKeyGoesWhereKafkasOwnProducerSendsIt() throws Exception {
    broker.createTopic("keyed", 5);
    broker.createTopic("reference", 5);
    table(
        "keyed",
        "part INT METADATA FROM 'partition', k STRING, n INT",
        "'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'json',"
            + " 'value.fields-include' = 'EXCEPT_KEY'");
    List<String> keys = IntStream.range(0, 40).mapToObj(i -> "key " + i).toList();
    insert(
        keys.stream()
            .map("(CAST(NULL AS INT), '%s', 1)"::formatted)
            .collect(Collectors.joining(", ", "INSERT INTO keyed VALUES ", "")));

    try (Producer<byte[], byte[]> producer = broker.producer(Map.of())) {
      for (String key : keys) {
        producer.send(new ProducerRecord<>("reference", key.getBytes(UTF_8), null));
      }
    }
    assertThat(keysOf("keyed")).isEqualTo(keysOf("reference")).hasSize(40);
  }

  @Test
  void aNamedPartitionWinsOverTheKey() throws Exception {
    broker.createTopic("named", 5);
    table(
        "named",
        "part INT METADATA FROM 'partition', k STRING, n INT",
        "'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'json'");
    insert("INSERT INTO named VALUES (0, 'a', 1), (1, 'a', 2), (4, 'a', 3), (2, 'a', 4)");

    assertThat(messages("named"))
        .containsExactly(
            "0 {\"k\":\"a\",\"n\":1}",
            "1 {\"k\":\"a\",\"n\":2}",
            "2 {\"k\":\"a\",\"n\":4}",
            "4 {\"k\":\"a\",\"n\":3}");
  }

  @Test
  void theTablesPartitionerChoosesForRowsWithoutAPartition() throws Exception {
    broker.createTopic("partitioner", 4);
    table(
        "partitioner",
        "part INT METADATA FROM 'partition', n INT",
        "'format' = 'json', 'sink.partitioner' = '%s'".formatted(LastPartition.class.getName()));
    insert("INSERT INTO partitioner VALUES (1, 1), (CAST(NULL AS INT), 2)");

    assertThat(messages("partitioner")).containsExactly("1 {\"n\":1}", "3 {\"n\":2}");
  }

  @Test
  void anInterceptorOfTheTablesOwnSeesTheRowsWithoutAPartition() throws Exception {
    broker.createTopic("intercepted", 4);
    table(
        "intercepted",
        "part INT METADATA FROM 'partition', n INT",
        "'format' = 'json', 'properties.interceptor.classes' = '%s'"
            .formatted(IntoPartitionTwo.class.getName()));
    insert("INSERT INTO intercepted VALUES (1, 1), (CAST(NULL AS INT), 2)");

    assertThat(messages("intercepted")).containsExactly("1 {\"n\":1}", "2 {\"n\":2}");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, -1, 4_294_967_296L})
  void aPartitionThatDoesNotExistFailsTheInsert(long partition) {
    String topic = "missing_partition_" + (partition + 1);
    broker.createTopic(topic, 3);
    table(topic, "part BIGINT METADATA FROM 'partition', n INT", "'format' = 'json'");

    assertThat(failureOf(() -> insert("INSERT INTO %s VALUES (%d, 1)".formatted(topic, partition))))
        .contains(
            "A row is meant for the partition %d of the topic '%s', which has 3 partitions, 0 to 2."
                .formatted(partition, topic));
    assertThat(broker.read(topic)).isEmpty();
  }

  @Test
  void headersAndTimestampAreWrittenBesideThePartition() throws Exception {
    broker.createTopic("metadata", 4);
    table(
        "metadata",
        """
        h MAP<STRING, BYTES> METADATA FROM 'headers',
        part INT METADATA FROM 'partition',
        n INT,
        t TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'""",
        "'format' = 'json'");
    insert(
        """
        INSERT INTO metadata VALUES
          (MAP['h', x'0102'], 3, 7, TO_TIMESTAMP_LTZ(1700000000123, 3)),
          (MAP['h', x'03'], CAST(NULL AS INT), 8, TO_TIMESTAMP_LTZ(1700000000456, 3))""");

    assertThat(broker.read("metadata"))
        .extracting(PartitionedInsertITCase::text, ConsumerRecord::timestamp, this::header)
        .containsExactlyInAnyOrder(
            tuple("{\"n\":7}", 1700000000123L, "h=[1, 2]"),
            tuple("{\"n\":8}", 1700000000456L, "h=[3]"));
    assertThat(messages("metadata")).contains("3 {\"n\":7}");
  }

  @Test
  void theTopicIsWrittenBesideThePartition() throws Exception {
    broker.createTopic("one", 1);
    broker.createTopic("two", 2);
    tables.executeSql(
        """
        CREATE TABLE several (
          part INT METADATA FROM 'partition', topic STRING METADATA, n INT
        ) WITH ('connector' = 'kafka-partitioned', 'topic' = 'one;two', 'format' = 'json')""");
    insert("INSERT INTO several VALUES (0, 'one', 1), (1, 'two', 2)");

    assertThat(messages("one")).containsExactly("0 {\"n\":1}");
    assertThat(messages("two")).containsExactly("1 {\"n\":2}");
    assertThat(failureOf(() -> insert("INSERT INTO several VALUES (1, 'one', 3)")))
        .contains("the partition 1 of the topic 'one', which has 1 partitions");
  }

  @Test
  void whatWasWrittenIsReadBack() throws Exception {
    broker.createTopic("round", 2);
    table(
        "round",
        "part INT METADATA FROM 'partition', offs BIGINT METADATA FROM 'offset' VIRTUAL, n INT",
        "'format' = 'json', 'scan.bounded.mode' = 'latest-offset'");
    insert("INSERT INTO round VALUES (1, 1), (1, 2), (0, 3)");

    assertThat(tables.executeSql("SELECT part, offs, n FROM round").collect())
        .toIterable()
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("+I[1, 0, 1]", "+I[1, 1, 2]", "+I[0, 0, 3]");
  }

  private void table(String topic, String columns, String options) {
    tables.executeSql(
        "CREATE TABLE %1$s (%2$s) WITH ('connector' = 'kafka-partitioned', 'topic' = '%1$s', %3$s)"
            .formatted(topic, columns, options));
  }

  private void insert(String statement) throws Exception {
    tables.executeSql(statement.strip().replaceFirst(";$", "")).await();
  }

  private static String failureOf(ThrowingCallable statement) {
    StringBuilder text = new StringBuilder();
    assertThatThrownBy(statement)
        .satisfies(error -> text.append(ExceptionUtils.stringifyException(error)));
    return text.toString();
  }

  /** Partition and text of each message. */
  private static List<String> messages(String topic) {
    return broker.read(topic).stream()
        .map(message -> message.partition() + " " + text(message))
        .toList();
  }

  private static String text(ConsumerRecord<byte[], byte[]> message) {
    return new String(message.value(), UTF_8);
  }

  private String header(ConsumerRecord<byte[], byte[]> message) {
    Header header = message.headers().iterator().next();
    return header.key() + "=" + Arrays.toString(header.value());
  }

  private static Map<String, Integer> keysOf(String topic) {
    return broker.read(topic).stream()
        .collect(
            Collectors.toMap(
                message -> new String(message.key(), UTF_8), ConsumerRecord::partition));
  }

  private static TableEnvironment environment(RuntimeExecutionMode mode) {
    Configuration configuration = flink.clientConfiguration();
    configuration.set(ExecutionOptions.RUNTIME_MODE, mode);
    configuration.set(KafkaTableDefaults.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    return TableEnvironment.create(
        EnvironmentSettings.newInstance().withConfiguration(configuration).build());
  }

  /** What a user may name in {@code sink.partitioner}. */
  public static final class LastPartition implements KafkaPartitioner<RowData> {
    private static final long serialVersionUID = 1L;

    @Override
    public int partition(RowData row, byte[] key, byte[] value, String topic, int[] partitions) {
      return partitions[partitions.length - 1];
    }
  }

  /** What a user may name in {@code properties.interceptor.classes}. */
  public static final class IntoPartitionTwo implements ProducerInterceptor<byte[], byte[]> {
    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> message) {
      return message.partition() == null
          ? new ProducerRecord<>(message.topic(), 2, message.key(), message.value())
          : message;
    }

    @Override
    public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> settings) {}
  }
}

package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.types.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The formats in the WITH clause of tables that a broker's topics are behind. */
@Timeout(120)
class FormatsOfKafkaTablesITCase {

  private static final String GUIDE =
      "some_int INT, some_text STRING, some_date DATE, some_time TIMESTAMP(6)";

  private static KafkaBroker broker;

  private TableEnvironment tables;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void declareNothing() {
    Configuration configuration = new Configuration();
    configuration.setString("kafka.bootstrap.servers", broker.bootstrapServers());
    configuration.setString("parallelism.default", "1");
    configuration.setString("table.local-time-zone", "Asia/Shanghai");
    tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance()
                .withConfiguration(configuration)
                .inBatchMode()
                .build());
  }

  @Test
  void csvIsReadAndWritten() throws Exception {
    table("csv", GUIDE, "'format' = 'postgres-csv', 'postgres-csv.null-literal' = 'NULL'");
    broker.produce(
        "csv",
        List.of(
            Message.of("1,\"a, \"\"b\"\"\",2024-01-31,2024-01-31T12:34:56Z"),
            Message.of("2,,01-02-2015,Thu Jan 01 01:31:00 2015,more\n"),
            Message.of("3")));
    tables
        .executeSql("INSERT INTO csv VALUES (4, 'x,y', DATE '2024-02-29', CAST(NULL AS TIMESTAMP))")
        .await();

    assertThat(rows("SELECT * FROM csv"))
        .containsExactly(
            "+I[1, a, \"b\", 2024-01-31, 2024-01-31T12:34:56]",
            "+I[2, , 2015-01-02, 2015-01-01T01:31]",
            "+I[3, null, null, null]",
            "+I[4, x,y, 2024-02-29, null]");
    assertThat(rows("SELECT some_date FROM csv WHERE some_int < 3"))
        .containsExactly("+I[2024-01-31]", "+I[2015-01-02]");
    assertThat(messages("csv").get(3)).isEqualTo("4,\"x,y\",2024-02-29,NULL");
  }

  @Test
  void jsonIsReadAndWritten() throws Exception {
    table(
        "json",
        GUIDE,
        "'format' = 'postgres-json', 'postgres-json.keys' = 'some_int:SomeInt,some_text:text-field'");
    broker.produce(
        "json",
        List.of(
            Message.of(
                "{\"SomeInt\":\"1\",\"text-field\":{\"a\": 1.0},\"some_date\":\"20240131\"}"),
            Message.of("{\"some_time\":\"2024-01-31 12:34:56.1234567\",\"some_int\":9}")));
    tables.executeSql("INSERT INTO json(some_int, some_text) VALUES (3, 'é\"')").await();

    assertThat(rows("SELECT * FROM json"))
        .containsExactly(
            "+I[1, {\"a\": 1.0}, 2024-01-31, null]",
            "+I[null, null, null, 2024-01-31T12:34:56.123457]",
            "+I[3, é\", null, null]");
    assertThat(messages("json").get(2))
        .isEqualTo(
            "{\"SomeInt\":3,\"text-field\":\"é\\\"\",\"some_date\":null,\"some_time\":null}");
  }

  @Test
  void keyAndValueMayHaveThem() throws Exception {
    table(
        "keyed",
        "k_id INT, v STRING",
        "'key.format' = 'postgres-csv', 'key.fields' = 'k_id', 'key.fields-prefix' = 'k_',"
            + " 'value.format' = 'postgres-json', 'value.fields-include' = 'EXCEPT_KEY',"
            + " 'value.postgres-json.strict' = 'true', 'value.postgres-json.keys.v' = 'value'");
    tables.executeSql("INSERT INTO keyed VALUES (7, 'x')").await();

    assertThat(rows("SELECT * FROM keyed")).containsExactly("+I[7, x]");
    ConsumerRecord<byte[], byte[]> message = broker.read("keyed").get(0);
    assertThat(new String(message.key(), UTF_8)).isEqualTo("7");
    assertThat(messages("keyed")).containsExactly("{\"value\":\"x\"}");
  }

  @Test
  void aTimeWithoutAZoneIsInThatOfTheSession() throws Exception {
    table("zoned", "t TIMESTAMP_LTZ(3)", "'format' = 'postgres-csv'");
    broker.produce(
        "zoned", List.of(Message.of("2024-01-31 08:00:00"), Message.of("2024-01-31 08:00:00+00")));
    tables.executeSql("INSERT INTO zoned SELECT * FROM zoned").await();

    assertThat(rows("SELECT * FROM zoned"))
        .startsWith("+I[2024-01-31T00:00:00Z]", "+I[2024-01-31T08:00:00Z]");
    assertThat(messages("zoned")).endsWith("2024-01-31 00:00:00Z", "2024-01-31 08:00:00Z");
  }

  @Test
  void aMessageThatIsNoRowFailsTheQueryWithItsPlaceAndTheReason() {
    table("bad", GUIDE, "'format' = 'postgres-csv'");
    broker.produce("bad", List.of(Message.of("1"), Message.of("1.5,x,foob")));

    assertThatThrownBy(() -> rows("SELECT * FROM bad"))
        .hasStackTraceContaining("offset 1 of partition 0 of topic 'bad'")
        .hasStackTraceContaining(
            "column some_int: '1.5' is not an integer; column some_date: 'foob' is not a DATE");
  }

  @Test
  void aWrongOptionIsRefusedWhenTheQueryIsPlanned() {
    table("wrong", GUIDE, "'format' = 'postgres-json', 'postgres-json.keys' = 'nope:x'");
    assertThatThrownBy(() -> tables.explainSql("SELECT * FROM wrong"))
        .hasStackTraceContaining("'keys' names the column 'nope', which there is not");
    table("misspelt", GUIDE, "'format' = 'postgres-csv', 'postgres-csv.nope' = 'x'");
    assertThatThrownBy(() -> tables.explainSql("SELECT * FROM misspelt"))
        .isInstanceOf(ValidationException.class)
        .hasStackTraceContaining("postgres-csv.nope");
  }

  private void table(String topic, String columns, String options) {
    broker.createTopic(topic, 1);
    tables.executeSql(
        "CREATE TABLE %1$s (%2$s) WITH ('connector' = 'kafka-partitioned', 'topic' = '%1$s', %3$s)"
            .formatted(topic, columns, options));
  }

  private List<String> rows(String query) {
    List<String> rows = new ArrayList<>();
    tables.executeSql(query).collect().forEachRemaining((Row row) -> rows.add(row.toString()));
    return rows;
  }

  private static List<String> messages(String topic) {
    return broker.read(topic).stream().map(m -> new String(m.value(), UTF_8)).toList();
  }
}

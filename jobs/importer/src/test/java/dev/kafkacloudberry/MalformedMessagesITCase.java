package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics with whatever there is in topics: each message becomes a row, a reject or nothing. */
@Timeout(120)
class MalformedMessagesITCase {

  private static final String LINEAGE =
      "topic STRING METADATA, part INT METADATA FROM 'partition',"
          + " offs BIGINT METADATA FROM 'offset', junk BYTES METADATA,"
          + " junk_error STRING METADATA FROM 'junk-error'";

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  @Test
  void jsonOfOtherKeysAndShapes() {
    FIXTURE.execute("CREATE TABLE docs (id int, note text, day date, at timestamp, doc jsonb)");
    produce(
        "docs",
        "{\"int_val\":\"1\",\"text_val\":{\"b\": 1.50,\"a\":[1, \"中\"]},\"doc\":{\"b\": 1.50}}",
        "{\"int_val\":2,\"text_val\":null,\"more\":[{}],\"at\":\"2024-01-31T12:34:56Z\"}",
        "{}",
        "{\"int_val\":1,\"int_val\":3,\"text_val\":true,\"doc\":\"[null]\"}",
        "{\"int_val\":9998119999999999,\"day\":\"2015-13-13\"}",
        "{\"int_val\":4,\"at\":\"\"}",
        "{\"int_val\":5,\"at : \"2015-01-12T13:43:11\"}",
        "{\"int_val\":6,\"doc\":\"no JSON\"}",
        "{\"int_val\":7} 。",
        "[{\"int_val\":8}]",
        null,
        "{\"int_val\":9,\"text_val\":\"\\ud83d\"}");
    run(
        "docs",
        "id INT, note STRING, `day` DATE, `at` TIMESTAMP(6), doc STRING",
        "'format' = 'postgres-json', 'postgres-json.keys' = 'id:int_val,note:text_val'");

    assertThat(FIXTURE.query("SELECT to_json(docs) FROM docs ORDER BY id NULLS FIRST"))
        .containsExactly(
            json("null", "null", "null", "null"),
            json("1", "\"{\\\"b\\\": 1.50,\\\"a\\\":[1, \\\"中\\\"]}\"", "null", "{\"b\": 1.50}"),
            json("2", "null", "\"2024-01-31T12:34:56\"", "null"),
            json("3", "\"true\"", "null", "[null]"));
    assertThat(rejects("docs"))
        .satisfiesExactly(
            error -> assertThat(error).contains("4: column id: '9998119999999999'", "column day"),
            error -> assertThat(error).startsWith("5: column at: '' is not a TIMESTAMP"),
            error -> assertThat(error).startsWith("6: the message is not JSON: "),
            error ->
                assertThat(error)
                    .startsWith("7: 22P02 Column \"doc\": invalid input syntax for type json"),
            error -> assertThat(error).contains("8: ", "'。' at byte 14, where the end is"),
            error -> assertThat(error).isEqualTo("9: '[{\"int_val\":8}]' is not a JSON object"),
            error -> assertThat(error).contains("11: column note: ", "half of a surrogate pair"));
    // What is left is the tombstone.
    assertThat(accounting("docs")).containsExactly("12 = 4 + 7 + 1");
  }

  @Test
  void csvOfTooFewAndTooManyFields() {
    FIXTURE.execute("CREATE TABLE lines (id int, note text, day date)");
    produce(
        "lines",
        "1,\"a, \"\"b\"\"\nc\",2024-01-31\r\n",
        "2,\"\",",
        "3,NULL,NULL",
        "4,\"NULL\",20240131",
        "5,x",
        "6,x,2024-01-31,more",
        "7,x,2024-01-31,",
        "8,x,\"2024-01-31",
        "9,x,2024-01-31\n10,y,2024-01-31",
        "",
        "\ufeff11,x,2024-01-31");
    byte[] garbage = new byte[1_000_000];
    new Random(1).nextBytes(garbage);
    FIXTURE.kafka().produce("lines", List.of(Message.of(garbage).to(0)));
    run(
        "lines",
        "id INT, note STRING, `day` DATE",
        "'format' = 'postgres-csv', 'postgres-csv.strict' = 'true',"
            + " 'postgres-csv.null-literal' = 'NULL'");

    assertThat(FIXTURE.query("SELECT to_json(lines) FROM lines ORDER BY id"))
        .containsExactly(
            "{\"id\":1,\"note\":\"a, \\\"b\\\"\\nc\",\"day\":\"2024-01-31\"}",
            "{\"id\":3,\"note\":null,\"day\":null}",
            "{\"id\":4,\"note\":\"NULL\",\"day\":\"2024-01-31\"}");
    assertThat(rejects("lines"))
        .satisfiesExactly(
            error -> assertThat(error).startsWith("1: column day: '' is not a DATE"),
            error -> assertThat(error).isEqualTo("4: 2 fields, but 3 columns"),
            error -> assertThat(error).isEqualTo("5: 4 fields, but 3 columns"),
            error -> assertThat(error).isEqualTo("6: 4 fields, but 3 columns"),
            error -> assertThat(error).startsWith("7: a quoted field does not end"),
            error -> assertThat(error).startsWith("8: a line break without quotes at byte 14"),
            error -> assertThat(error).startsWith("9: column id: '' is not an integer"),
            error -> assertThat(error).startsWith("10: column id: '\\ufeff11' is not an integer"),
            error -> assertThat(error).startsWith("11: byte ").contains("is not valid UTF-8"));
    assertThat(FIXTURE.query("SELECT max(length(message)) FROM kafka_import.rejects"))
        .containsExactly("1000000");
    assertThat(accounting("lines")).containsExactly("12 = 3 + 9 + 0");
  }

  private static void produce(String topic, String... values) {
    FIXTURE.kafka().createTopic(topic, 1);
    FIXTURE
        .kafka()
        .produce(
            topic,
            Arrays.stream(values)
                .map(value -> new Message(0, null, value == null ? null : value.getBytes(UTF_8)))
                .toList());
  }

  private static void run(String name, String columns, String options) {
    ImportFixture.Outcome outcome =
        FIXTURE.run(
            """
            CREATE TABLE source (%2$s, %3$s) WITH (
              'connector' = 'kafka-partitioned', 'topic' = '%1$s', %4$s);
            CREATE TABLE target (%2$s, %5$s) WITH (
              'connector' = 'cloudberry', 'table-name' = '%1$s', 'sink.on-error' = 'reject');
            INSERT INTO target SELECT * FROM source;
            """
                .formatted(
                    name,
                    columns,
                    Stream.of(LINEAGE.split(", "))
                        .map(column -> column + " VIRTUAL")
                        .reduce((left, right) -> left + ", " + right)
                        .orElseThrow(),
                    options,
                    LINEAGE),
            Map.of("execution.runtime-mode", "batch"));
    assertThat(outcome.err()).isEmpty();
    assertThat(FIXTURE.flink().awaitEnd(outcome.jobs().get(0), SOON).isSuccess()).isTrue();
  }

  private static String json(String id, String note, String at, String doc) {
    return "{\"id\":%s,\"note\":%s,\"day\":null,\"at\":%s,\"doc\":%s}".formatted(id, note, at, doc);
  }

  /** Offset, SQLSTATE and error of each. */
  private static List<String> rejects(String topic) {
    return FIXTURE.query(
        """
        SELECT "offset" || ': ' || coalesce(sqlstate || ' ', '') || error
          FROM kafka_import.rejects
         WHERE topic = '%s'
         ORDER BY "offset"
        """
            .formatted(topic));
  }

  /** Offsets, rows, rejects, and the rest. */
  private static List<String> accounting(String topic) {
    return FIXTURE.query(
        """
        SELECT to_offset - from_offset || ' = ' || rows || ' + ' || rejected || ' + '
               || to_offset - from_offset - rows - rejected
          FROM kafka_import.offsets
         WHERE topic = '%s'
        """
            .formatted(topic));
  }
}

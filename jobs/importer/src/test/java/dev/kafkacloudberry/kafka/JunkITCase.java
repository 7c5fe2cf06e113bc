package dev.kafkacloudberry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that cannot be decoded. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JunkITCase {

  private static final String JUNK =
      "junk BYTES METADATA VIRTUAL, junk_error STRING METADATA FROM 'junk-error' VIRTUAL, ";
  private static final String FIELDS = "n INT, t STRING";

  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    broker.createTopic("csv", 1);
    broker.produce(
        "csv",
        List.of(
            Message.of("1,one"),
            Message.of("two,two"),
            Message.of(new byte[] {(byte) 0xc3, (byte) 0x28}),
            Message.of("4,four,and more"),
            Message.of("5,five")));
    broker.createTopic("json", 1);
    broker.produce(
        "json",
        List.of(
            Message.of("{\"n\":1,\"t\":\"one\"}"),
            Message.of("{\"n\":2,\"t\":"),
            Message.of("{\"n\":\"three\"}")));
    broker.createTopic("keyed", 1);
    broker.produce(
        "keyed",
        List.of(
            Message.of("7", "{\"n\":1}"),
            Message.of("seven", "{\"n\":2}"),
            Message.of("8", "{\"n\":")));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aRowThatCannotBeDecodedHasNothingButItsPlaceTheMessageAndTheError() {
    assertThat(
            csv(JUNK + FIELDS)
                .rows("SELECT offs, n, t, CAST(junk AS STRING), junk_error IS NULL FROM csv"))
        .contains("0,1,one,null,true", "1,null,null,two,two,false", "4,5,five,null,true")
        .contains("3,null,null,4,four,and more,false")
        .hasSize(5);
  }

  @Test
  void theErrorSaysWhatIsWrongAndWhere() {
    assertThat(csv(JUNK + FIELDS).rows("SELECT junk_error FROM csv WHERE offs = 1"))
        .singleElement()
        .asString()
        .contains("n", "For input string: \"two\"");
  }

  @Test
  void theMessageIsKeptByteForByte() {
    assertThat(csv(JUNK + FIELDS).rows("SELECT TO_BASE64(junk) FROM csv WHERE offs = 2"))
        .containsExactly("wyg=");
  }

  @Test
  void theErrorDoesNotRepeatAMessageHoweverLongItIs() {
    broker.createTopic("long", 1);
    broker.produce("long", List.of(Message.of("x" + "文".repeat(300_000))));
    KafkaTables tables = tables().with("long", JUNK + FIELDS, "'format' = 'csv'");

    assertThat(tables.rows("SELECT junk_error, CHAR_LENGTH(CAST(junk AS STRING)) FROM `long`"))
        .singleElement()
        .asString()
        .isEqualTo("Row length mismatch. 2 fields expected but was 1,300001");
  }

  @Test
  void aStringColumnHoldsTheMessageAsText() {
    assertThat(
            csv("junk STRING METADATA VIRTUAL, " + FIELDS)
                .rows("SELECT junk FROM csv WHERE junk IS NOT NULL AND offs <> 2"))
        .containsExactly("two,two", "4,four,and more");
  }

  @Test
  void whatIsJunkDoesNotDependOnTheColumnsThatAQueryUses() {
    assertThat(csv(JUNK + FIELDS).rows("SELECT offs FROM csv WHERE junk_error IS NULL"))
        .containsExactly("0", "4");
    assertThat(csv(JUNK + FIELDS).rows("SELECT n FROM csv WHERE offs IN (0, 1)"))
        .containsExactly("1", "null");
  }

  @Test
  void withoutTheColumnsItEndsTheJobNamingThePlaceTheReasonAndTheBeginning() {
    assertThatThrownBy(() -> csv(FIELDS).rows("SELECT n FROM csv"))
        .hasStackTraceContaining(
            "The message at offset 1 of partition 0 of topic 'csv' cannot be decoded: ")
        .hasStackTraceContaining("For input string: \"two\". It begins with 'two,two'.")
        .hasStackTraceContaining("junk_error STRING METADATA FROM 'junk-error' VIRTUAL");
  }

  @Test
  void everyFormatHasThem() {
    KafkaTables tables = tables().with("json", JUNK + FIELDS, "'format' = 'json'");

    assertThat(tables.rows("SELECT offs, n, CAST(junk AS STRING) FROM json"))
        .containsExactly("0,1,null", "1,null,{\"n\":2,\"t\":", "2,null,{\"n\":\"three\"}");
  }

  @Test
  void theErrorIsOneLineOfPrintableText() {
    broker.createTopic("lines", 1);
    broker.produce(
        "lines",
        List.of(Message.of("\"a\nb\0\u202e\",x"), Message.of("{\"n\":}"), Message.of("\"9\n\",")));
    for (String format : List.of("csv", "json", "postgres-csv", "postgres-json")) {
      assertThat(
              tables()
                  .with("lines", JUNK + FIELDS, "'format' = '%s'".formatted(format))
                  .rows("SELECT junk_error FROM `lines` WHERE junk IS NOT NULL"))
          .as(format)
          .isNotEmpty()
          .allMatch(error -> error.length() > 10 && error.codePoints().noneMatch(c -> c < ' '))
          .noneMatch(error -> error.contains("\u202e"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json", "raw", "postgres-csv", "postgres-json"})
  void garbageIsJunkWhateverTheFormatAndInKeysToo(String format) {
    byte[] garbage = new byte[1_000_000];
    new Random(1).nextBytes(garbage);
    List<byte[]> messages =
        List.of(
            garbage,
            "[".repeat(100_000).getBytes(UTF_8),
            ("{\"k\":" + "[".repeat(100_000)).getBytes(UTF_8),
            new byte[5],
            "x".repeat(1_000).getBytes(UTF_8),
            "{\"k\":\"x\"} \0".getBytes(UTF_8));
    String values = "values_" + format.replace('-', '_');
    broker.createTopic(values, 1);
    broker.produce(values, messages.stream().map(Message::of).toList());
    String keys = "keys_" + format.replace('-', '_');
    broker.createTopic(keys, 1);
    broker.produce(
        keys, messages.stream().map(key -> new Message(0, key, "value".getBytes(UTF_8))).toList());
    KafkaTables tables =
        tables()
            .with(values, JUNK + "k INT", "'format' = '%s'".formatted(format))
            .with(
                keys,
                JUNK + "k INT, v STRING",
                "'key.format' = '%s', 'key.fields' = 'k', 'value.format' = 'raw',".formatted(format)
                    + " 'value.fields-include' = 'EXCEPT_KEY'");

    assertThat(
            tables.rows(
                "SELECT offs, k, SUBSTRING(junk_error FROM 1 FOR 4) = 'key:',"
                    + " MD5(TO_BASE64(junk)) FROM "
                    + values))
        .isEqualTo(
            IntStream.range(0, messages.size())
                .mapToObj(i -> "%d,null,false,%s".formatted(i, md5(messages.get(i))))
                .toList());
    assertThat(
            tables.rows(
                "SELECT offs, k, SUBSTRING(junk_error FROM 1 FOR 4), CAST(junk AS STRING) FROM "
                    + keys))
        .isEqualTo(
            IntStream.range(0, messages.size()).mapToObj(i -> i + ",null,key:,value").toList());
  }

  @Test
  void aNullInAColumnThatIsNotNullIsAnErrorAndNoNumber() {
    broker.createTopic("nulls", 1);
    broker.produce("nulls", List.of(Message.of("1,one"), Message.of(",two")));
    for (String options :
        List.of(
            "'format' = 'csv', 'csv.null-literal' = ''",
            "'format' = 'postgres-csv'",
            "'key.format' = 'raw', 'key.fields' = 'k', 'value.format' = 'postgres-csv',"
                + " 'value.fields-include' = 'EXCEPT_KEY'")) {
      String key = options.startsWith("'key") ? "k INT NOT NULL, " : "";
      KafkaTables tables = tables().with("nulls", key + "n INT NOT NULL, t STRING", options);

      assertThatThrownBy(() -> tables.rows("SELECT t, n FROM nulls"))
          .hasStackTraceContaining("offset 1 of partition 0 of topic 'nulls'")
          .hasStackTraceContaining("column n: a NULL where the type is NOT NULL");
      assertThat(tables.rows("SELECT t FROM nulls")).containsExactly("one", "two");
      assertThat(tables.rows("SELECT n FROM nulls WHERE offs < 1")).containsExactly("1");
    }
  }

  @Test
  void aTableThatKeepsJunkHasNoColumnThatIsNotNull() {
    KafkaTables tables = tables().with("csv", JUNK + "n INT NOT NULL", "'format' = 'csv'");

    assertThatThrownBy(() -> tables.rows("SELECT n FROM csv"))
        .hasStackTraceContaining("but [n] are NOT NULL. Declare them without NOT NULL");
  }

  @Test
  void aKeyThatCannotBeDecodedIsToldFromAValue() {
    KafkaTables tables =
        tables()
            .with(
                "keyed",
                JUNK + "k INT, n INT",
                "'key.format' = 'csv', 'key.fields' = 'k', 'value.format' = 'json',"
                    + " 'value.fields-include' = 'EXCEPT_KEY'");

    assertThat(
            tables.rows(
                "SELECT k, n, CAST(junk AS STRING), SUBSTRING(junk_error FROM 1 FOR 4) FROM keyed"))
        .containsExactly("7,1,null,null", "null,null,{\"n\":2},key:", "8,null,{\"n\":,Unex");
  }

  private static String md5(byte[] message) {
    try {
      byte[] base64 = Base64.getEncoder().encode(message);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(base64));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KafkaTables csv(String columns) {
    return tables().with("csv", columns, "'format' = 'csv'");
  }

  /** Jobs that would restart for ever. */
  private static KafkaTables tables() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    return KafkaTables.of(broker.bootstrapServers(), RuntimeExecutionMode.BATCH, configuration);
  }
}

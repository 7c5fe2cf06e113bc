package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.DECIMAL;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.FIELD;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.INTERVAL;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.MONTH;
import static org.apache.flink.table.api.DataTypes.ROW;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonParser;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonToken;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFormatTest {

  private static final FormatUnderTest GUIDE =
      FormatUnderTest.json()
          .column("some_int", INT())
          .column("some_text", STRING())
          .column("some_date", DATE())
          .column("some_time", TIMESTAMP(6));
  private static final FormatUnderTest STRICT = GUIDE.with("strict", "true");
  private static final FormatUnderTest TEXT = FormatUnderTest.json().column("t", STRING());
  private static final FormatUnderTest NUMBER = FormatUnderTest.json().column("n", INT());

  @Test
  void theGuidesMessageIsARow() throws IOException {
    assertThat(
            GUIDE.read(
                """
                { "some_time" : "2024-01-31T12:34:56.123456", "some_int":42,
                  "some_text":"some text", "some_date":"2024-01-31" }
                """))
        .containsExactly(
            42,
            text("some text"),
            (int) LocalDate.of(2024, 1, 31).toEpochDay(),
            TimestampData.fromLocalDateTime(LocalDateTime.parse("2024-01-31T12:34:56.123456")));
  }

  @Test
  void missingKeysAndNullAreNullAndOtherKeysAreIgnored() throws IOException {
    assertThat(GUIDE.read("{}")).containsExactly(null, null, null, null);
    assertThat(
            GUIDE.read("{\"some_int\":null,\"other\":{\"some_int\":[1]},\"some_text\":\"null\"}"))
        .containsExactly(null, text("null"), null, null);
  }

  @Test
  void strictRefusesMissingAndOtherKeys() throws IOException {
    FormatUnderTest one = NUMBER.with("strict", "true");
    assertThat(one.read("{\"n\":null}")).containsExactly((Object) null);
    assertThatThrownBy(() -> one.read("{}")).hasMessage("column n: its key is missing");
    assertThatThrownBy(() -> one.read("{\"n\":1,\"more\":null}"))
        .hasMessage("the key 'more' is no column's");
    assertThatThrownBy(() -> STRICT.read("{\"some_int\":1}", 0))
        .hasMessageContaining("column some_text: its key is missing");
  }

  @Test
  void numbersAndStringsStandForEachOther() throws IOException {
    assertThat(NUMBER.read("{\"n\":\" 7 \"}")).containsExactly(7);
    assertThat(TEXT.read("{\"t\":1.50e2}")).containsExactly(text("1.50e2"));
    assertThat(TEXT.read("{\"t\":true}")).containsExactly(text("true"));
    FormatUnderTest truth = FormatUnderTest.json().column("b", BOOLEAN());
    assertThat(truth.read("{\"b\":true}")).containsExactly(true);
    assertThat(truth.read("{\"b\":0}")).containsExactly(false);
    assertThat(truth.read("{\"b\":\"yes\"}")).containsExactly(true);
    assertThat(
            FormatUnderTest.json()
                .column("d", DECIMAL(38, 18))
                .read("{\"d\":12345678901234567890.123456789012345678}"))
        .containsExactly(
            DecimalData.fromBigDecimal(
                new BigDecimal("12345678901234567890.123456789012345678"), 38, 18));
  }

  @Test
  void aValueOfAnotherTypeIsAnError() {
    assertThatThrownBy(() -> NUMBER.read("{\"n\":1.9}"))
        .hasMessage("column n: '1.9' is not an integer");
    assertThatThrownBy(() -> NUMBER.read("{\"n\":true}"))
        .hasMessage("column n: 'true' is not an integer");
    assertThatThrownBy(() -> NUMBER.read("{\"n\":{\"a\": 1}}"))
        .hasMessage("column n: '{\"a\": 1}' is not an integer");
    assertThatThrownBy(() -> NUMBER.read("{\"n\":\"\"}"))
        .hasMessage("column n: '' is not an integer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\" : [1.0, 1e5, \"\\u0041\\n\"],\n \"a\":null}",
        "[ ]",
        "[[[{}]]]",
        "{\"a\":1,\"a\":2}"
      })
  void nestedValuesAreTextAsTheyWereSent(String nested) throws IOException {
    assertThat(TEXT.read("{\"x\":[0],\"t\" : " + nested + " ,\"y\":1}"))
        .containsExactly(text(nested));
  }

  @Test
  void theLastOfTwoEqualKeysCounts() throws IOException {
    assertThat(NUMBER.read("{\"n\":\"not read\",\"n\":2}")).containsExactly(2);
    assertThat(NUMBER.read("{\"n\":1,\"\\u006e\":null}")).containsExactly((Object) null);
  }

  @Test
  void escapesAreResolved() throws IOException {
    assertThat(TEXT.read("{\"t\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00€😀\"}"))
        .containsExactly(text("\"\\/\b\f\n\r\té€😀€😀"));
  }

  @Test
  void charactersThatTheDatabaseCannotHoldAreAnError() {
    assertThatThrownBy(() -> TEXT.read("{\"t\":\"a\\u0000b\"}"))
        .hasMessage(
            "column t: 'a\\u0000b' holds the character U+0000, which PostgreSQL's text cannot hold");
    assertThatThrownBy(() -> TEXT.read("{\"t\":\"\\ud83d\"}"))
        .hasMessage("column t: '\\ud83d' holds half of a surrogate pair");
    assertThatThrownBy(() -> TEXT.read(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}))
        .hasMessage("byte 2, 0xff, is not valid UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the message is empty, not a JSON object",
        "[{}]|'[{}]' is not a JSON object",
        "1|'1' is not a JSON object",
        "null|'null' is not a JSON object",
        "{|the message is not JSON: the end at byte 1, where a key in quotes is expected",
        "{} x|the message is not JSON: 'x' at byte 3, where the end is expected",
        "{}{}|the message is not JSON: '{}' at byte 2, where the end is expected",
        "{\"a\" 1}|the message is not JSON: '1}' at byte 5, where ':' is expected",
        "{\"a\":}|the message is not JSON: '}' at byte 5, where a value is expected",
        "{\"a\":1,}|the message is not JSON: '}' at byte 7, where a key in quotes is expected",
        "{\"a\":01}|the message is not JSON: '1}' at byte 6, where ',' or '}' is expected",
        "{\"a\":[1 2]}|the message is not JSON: '2]}' at byte 8, where ',' or ']' is expected",
        "{\"a\":NaN}|the message is not JSON: 'NaN}' at byte 5, where a value is expected",
        "{\"a\":\"\\x\"}|the message is not JSON: 'x\"}' at byte 7, where an escape such as \\n is expected",
        "{\"a\":tru}|the message is not JSON: '}' at byte 8, where true is expected",
      })
  void whatIsNoJsonObjectIsAnErrorWhateverIsRead(String message, String error) {
    assertThatThrownBy(() -> TEXT.read(message)).hasMessage(error);
    assertThatThrownBy(() -> TEXT.read(message, new int[0])).hasMessage(error);
  }

  /** All but the JSON blanks, however much like a blank it looks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"t\":1}文|'文' at byte 7, where the end is expected",
        "{\"t\":1} \t文|'文' at byte 9, where the end is expected",
        "{\"t\":1}\u00a0|'\\u00a0' at byte 7, where the end is expected",
        "{\"t\":1}\u3000{}|'\\u3000{}' at byte 7, where the end is expected",
        "{\"t\":1}\ufeff|'\\ufeff' at byte 7, where the end is expected",
        "{\"t\":1}\u2028|'\\u2028' at byte 7, where the end is expected",
        "{\"t\":1}ÿ|'ÿ' at byte 7, where the end is expected",
        "{文:1}|'文:1}' at byte 1, where a key in quotes is expected",
        "{\"t\"文:1}|'文:1}' at byte 4, where ':' is expected",
        "{\"t\":文}|'文}' at byte 5, where a value is expected",
        "{\"t\":\u00a01}|'\\u00a01}' at byte 5, where a value is expected",
        "{\"t\":1文}|'文}' at byte 6, where ',' or '}' is expected",
        "{\"t\":[1文]}|'文]}' at byte 7, where ',' or ']' is expected",
        "{\"t\":1,文}|'文}' at byte 7, where a key in quotes is expected",
        "{\"t\":-文}|'文}' at byte 6, where a digit is expected",
        "{\"t\":nüll}|'üll}' at byte 6, where null is expected",
        "{\"t\":\"\\文\"}|'文\"}' at byte 7, where an escape such as \\n is expected",
        "{\"t\":\"\\u00é0\"}|'é0\"}' at byte 10, where a hexadecimal digit is expected",
      })
  void aCharacterBeyondAsciiIsNamedWhereItDoesNotBelong(String message, String error) {
    String expected = "the message is not JSON: " + error;
    assertThatThrownBy(() -> TEXT.read(message)).hasMessage(expected);
    assertThatThrownBy(() -> TEXT.read(message, new int[0])).hasMessage(expected);
  }

  @Test
  void otherControlCharactersAreNoBlanks() throws IOException {
    assertThatThrownBy(() -> TEXT.read("{}\f"))
        .hasMessage("the message is not JSON: '\\u000c' at byte 2, where the end is expected");
    assertThat(TEXT.read("{} \t\r\n")).containsExactly((Object) null);
  }

  @Test
  void aMessageThatBeginsBeyondAsciiIsNoObject() {
    assertThatThrownBy(() -> TEXT.read("文{}")).hasMessage("'文{}' is not a JSON object");
    assertThatThrownBy(() -> TEXT.read("\ufeff{}")).hasMessage("'\\ufeff{}' is not a JSON object");
  }

  @Test
  void whatIsShownOfAMessageEndsWithAWholeCharacter() {
    assertThatThrownBy(() -> TEXT.read("{}文文文文文"))
        .hasMessage("the message is not JSON: '文文文文' at byte 2, where the end is expected");
    assertThatThrownBy(() -> TEXT.read("{}x😀😀😀😀"))
        .hasMessage("the message is not JSON: 'x😀😀😀' at byte 2, where the end is expected");
  }

  @Test
  void nestingHasAnEnd() {
    String deep = "{\"t\":" + "[".repeat(100_000);
    assertThatThrownBy(() -> TEXT.read(deep))
        .hasMessage("the message is nested more than 500 levels deep");
  }

  /** A second opinion on what is JSON: texts with something changed, and Flink's own parser. */
  @Test
  void jsonIsWhatFlinksOwnParserSaysItIs() {
    long seed = Long.getLong("random.seed", 20_240_131);
    Random random = new Random(seed);
    String start =
        "{\"t\":[-1.5e+3,0,true,false,null,\"a\\u00e9\\n\",{\"k\":{},\"\":[ ]}]\n,\"b\" : 1}";
    String characters = "{}[]:,\"\\tfn019.-+eE ué文\u00a0";
    DeserializationSchema<RowData> decoder = TEXT.decoder(new int[0]);
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder json = new StringBuilder(start);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(json.length());
        char character = characters.charAt(random.nextInt(characters.length()));
        switch (random.nextInt(3)) {
          case 0 -> json.insert(at, character);
          case 1 -> json.deleteCharAt(at);
          default -> json.setCharAt(at, character);
        }
      }
      boolean ours = isObject(decoder, json.toString());
      assertThat(ours).as("seed %d: %s", seed, json).isEqualTo(isObjectToJackson(json.toString()));
      valid += ours ? 1 : 0;
    }
    assertThat(valid).isBetween(1_000, 19_000);
  }

  private static boolean isObject(DeserializationSchema<RowData> decoder, String json) {
    try {
      decoder.deserialize(json.getBytes(UTF_8));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isObjectToJackson(String json) {
    try (JsonParser parser = new JsonFactory().createParser(json.getBytes(UTF_8))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void columnsMayHaveOtherKeysThanTheirNames() throws IOException {
    FormatUnderTest format = GUIDE.with("keys", "some_int:int val,some_text:'text:field'");
    assertThat(format.read("{\"int val\":1,\"text:field\":\"x\",\"some_int\":2}"))
        .containsExactly(1, text("x"), null, null);
    assertThat(format.write(1, text("x"), null, null))
        .isEqualTo("{\"int val\":1,\"text:field\":\"x\",\"some_date\":null,\"some_time\":null}");
    assertThat(NUMBER.with("keys.n", "Nr. 1").read("{\"Nr. 1\":7}")).containsExactly(7);
  }

  @Test
  void keysOfNoColumnAndKeysOfTwoAreRefused() {
    assertThatThrownBy(() -> GUIDE.with("keys", "nope:x").decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "'keys' names the column 'nope', which there is not; there are [some_int, some_text,"
                + " some_date, some_time].");
    assertThatThrownBy(() -> GUIDE.with("keys", "some_int:x,some_text:x").encoder())
        .isInstanceOf(ValidationException.class)
        .hasMessage("'keys' gives two columns the JSON key 'x'; each needs its own.");
    assertThatThrownBy(() -> GUIDE.with("keys", "some_int:some_text").decoder())
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(() -> GUIDE.with("keys", "some_int:a,some_int:b").decoder())
        .isInstanceOf(ValidationException.class);
    assertThatThrownBy(() -> GUIDE.with("keys", "some_int").decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'keys' is not columns and their keys");
  }

  @Test
  void arraysRowsAndMapsAreRead() throws IOException {
    FormatUnderTest format =
        FormatUnderTest.json()
            .column("a", ARRAY(INT()))
            .column("r", ROW(FIELD("x", INT()), FIELD("y", STRING())))
            .column("m", MAP(STRING(), ARRAY(INT())));
    String message = "{\"a\":[1,null,3],\"r\":{\"x\":1,\"y\":\"z\"},\"m\":{\"k\":[4],\"l\":null}}";
    Map<Object, Object> map = new HashMap<>();
    map.put(text("k"), new GenericArrayData(new Object[] {4}));
    map.put(text("l"), null);
    assertThat(format.read(message))
        .containsExactly(
            new GenericArrayData(new Object[] {1, null, 3}),
            GenericRowData.of(1, text("z")),
            new GenericMapData(map));
    assertThat(format.write(format.read(message).toArray())).isEqualTo(message);
    assertThat(format.read("{\"r\":{\"y\":[\"\\n\" ],\"z\":0}}").get(1))
        .isEqualTo(GenericRowData.of(null, text("[\"\\n\" ]")));
    assertThatThrownBy(() -> format.read("{\"a\":{}}"))
        .hasMessage("column a: '{}' is not a JSON array");
    assertThatThrownBy(() -> format.read("{\"a\":[\"x\"]}"))
        .hasMessage("column a: 'x' is not an integer");
  }

  @Test
  void aNullIsAnErrorWhereverATypeIsNotNull() throws IOException {
    FormatUnderTest format =
        FormatUnderTest.json()
            .column("n", INT().notNull())
            .column("a", ARRAY(INT().notNull()))
            .column("r", ROW(FIELD("x", INT().notNull()), FIELD("y", INT())))
            .column("m", MAP(STRING(), INT().notNull()));
    assertThat(format.read("{\"n\":1,\"a\":[2],\"r\":{\"x\":3},\"m\":null}"))
        .containsExactly(
            1, new GenericArrayData(new Object[] {2}), GenericRowData.of(3, null), null);
    String error = ": a NULL where the type is NOT NULL";
    assertThatThrownBy(() -> format.read("{}")).hasMessage("column n" + error);
    assertThatThrownBy(() -> format.read("{\"n\":1,\"a\":[2,null]}"))
        .hasMessage("column a" + error);
    assertThatThrownBy(() -> format.read("{\"n\":1,\"r\":{\"y\":2}}"))
        .hasMessage("column r" + error);
    assertThatThrownBy(() -> format.read("{\"n\":null,\"m\":{\"k\":null}}"))
        .hasMessage("column n" + error + "; column m" + error);
  }

  @Test
  void aTypeThatNoJsonStandsForIsRefused() {
    assertThatThrownBy(() -> FormatUnderTest.json().column("i", ARRAY(INTERVAL(MONTH()))).decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("which column 'i' has; declare it as STRING");
  }

  @Test
  void valuesAreWrittenAsWhatTheyAre() {
    FormatUnderTest format =
        FormatUnderTest.json()
            .column("b", BOOLEAN())
            .column("d", DOUBLE())
            .column("e", DECIMAL(5, 2))
            .column("t", STRING())
            .column("ts", TIMESTAMP(9));
    assertThat(
            format.write(
                true,
                Double.NaN,
                DecimalData.fromBigDecimal(new BigDecimal("1.50"), 5, 2),
                text("\"\\\n\u0001é😀"),
                TimestampData.fromLocalDateTime(
                    LocalDateTime.parse("2024-01-31T12:34:56.789123456"))))
        .isEqualTo(
            "{\"b\":true,\"d\":\"NaN\",\"e\":1.50,\"t\":\"\\\"\\\\\\n\\u0001é😀\",\"ts\":\"2024-01-31"
                + " 12:34:56.789123456\"}");
  }

  @Test
  void onlyTheColumnsThatAreUsedAreRead() throws IOException {
    assertThat(GUIDE.read("{\"some_int\":\"x\",\"some_text\":\"t\",\"some_date\":0}", 1))
        .isEqualTo(List.of(text("t")));
  }

  @Test
  void wideTablesFindTheirKeysInAnyOrder() throws IOException {
    FormatUnderTest format = FormatUnderTest.json();
    StringBuilder message = new StringBuilder("{\"none\":0");
    for (int i = 0; i < 300; i++) {
      format = format.column("column_" + i, INT());
      message.append(",\"column_").append(299 - i).append("\":").append(299 - i);
    }
    List<Object> row = format.read(message + "}");
    for (int i = 0; i < 300; i++) {
      assertThat(row.get(i)).isEqualTo(i);
    }
  }

  @Test
  void aTombstoneIsNoRow() throws IOException {
    assertThat(GUIDE.decoder().deserialize(null)).isNull();
  }

  private static StringData text(String text) {
    return StringData.fromString(text);
  }
}

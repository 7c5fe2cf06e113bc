package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFormatTest {

  private static final FormatUnderTest GUIDE =
      FormatUnderTest.csv()
          .column("some_int", INT())
          .column("some_text", STRING())
          .column("some_date", DATE())
          .column("some_time", TIMESTAMP(6));
  private static final FormatUnderTest STRICT = GUIDE.with("strict", "true");
  private static final FormatUnderTest TEXTS =
      FormatUnderTest.csv().column("a", STRING()).column("b", STRING());

  @Test
  void theGuidesMessageIsARow() throws IOException {
    assertThat(GUIDE.read("42,\"some, text\",2024-01-31,2024-01-31 12:34:56.123456"))
        .containsExactly(
            42,
            text("some, text"),
            (int) LocalDate.of(2024, 1, 31).toEpochDay(),
            TimestampData.fromLocalDateTime(LocalDateTime.parse("2024-01-31T12:34:56.123456")));
  }

  @Test
  void missingFieldsAreNullAndMoreAreIgnored() throws IOException {
    assertThat(GUIDE.read("42,x")).containsExactly(42, text("x"), null, null);
    assertThat(GUIDE.read("")).containsExactly(null, null, null, null);
    assertThat(GUIDE.read("1,x,,,abc,\"d,e\",")).containsExactly(1, text("x"), null, null);
  }

  @Test
  void strictRefusesMissingFieldsAndMore() throws IOException {
    assertThat(STRICT.read("1,x,,")).containsExactly(1, text("x"), null, null);
    assertThatThrownBy(() -> STRICT.read("1,x")).hasMessage("2 fields, but 4 columns");
    assertThatThrownBy(() -> STRICT.read("1,x,,,")).hasMessage("5 fields, but 4 columns");
    assertThatThrownBy(() -> STRICT.read("")).hasMessage("1 fields, but 4 columns");
  }

  @Test
  void quotedFieldsHoldDelimitersQuotesAndLineBreaks() throws IOException {
    assertThat(TEXTS.read("\"a,\"\"b\"\"\",\"c\r\nd\n\""))
        .containsExactly(text("a,\"b\""), text("c\r\nd\n"));
    assertThat(TEXTS.read("x\"y,\"z,\"\"\"\"")).containsExactly(text("xy,z"), text("\""));
    assertThat(TEXTS.read(" a , \"b\"")).containsExactly(text(" a "), text(" b"));
  }

  @Test
  void anEmptyFieldIsNullAndInQuotesItIsEmpty() throws IOException {
    assertThat(TEXTS.read(",\"\"")).containsExactly(null, text(""));
    assertThat(TEXTS.read("\"\",")).containsExactly(text(""), null);
    assertThatThrownBy(() -> GUIDE.read("\"\""))
        .hasMessage("column some_int: '' is not an integer");
  }

  @Test
  void theNullLiteralIsNullUnlessItIsQuoted() throws IOException {
    FormatUnderTest format = TEXTS.with("null-literal", "\\N");
    assertThat(format.read("\\N,\"\\N\"")).containsExactly(null, text("\\N"));
    assertThat(format.read(",x")).containsExactly(text(""), text("x"));
    assertThat(format.write(null, text("\\N"))).isEqualTo("\\N,\"\\N\"");
    assertThat(format.write(text(""), null)).isEqualTo(",\\N");
  }

  @Test
  void otherCharactersMayDoTheWork() throws IOException {
    FormatUnderTest format = TEXTS.with("delimiter", "\\t").with("quote", "'").with("escape", "\\");
    assertThat(format.read("'a\\'\\\\\\n\tb'\tc,\""))
        .containsExactly(text("a'\\\\n\tb"), text("c,\""));
    assertThat(format.write(text("a'\\\tb"), text("\\"))).isEqualTo("'a\\'\\\\\tb'\t\\");
    assertThat(format.read("'a\\'\\\\\tb'\t\\")).containsExactly(text("a'\\\tb"), text("\\"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\n", "a,b\r\n", "a,b\r", "a,b"})
  void aLineBreakAtTheEndIsNoPartOfTheLastField(String message) throws IOException {
    assertThat(TEXTS.read(message)).containsExactly(text("a"), text("b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b\nc,d", "a,b\n\n", "a\n,b", "a,b\r\r\n", "a,b\nc,d\n"})
  void aSecondLineIsAnErrorAndNotLost(String message) {
    assertThatThrownBy(() -> TEXTS.read(message))
        .hasMessageMatching("a line break without quotes at byte [13]: a message is one line");
  }

  @Test
  void aNullIsAnErrorWhereTheTypeIsNotNull() throws IOException {
    FormatUnderTest format =
        FormatUnderTest.csv()
            .column("n", INT().notNull())
            .column("t", STRING().notNull())
            .column("d", DATE());
    String error = ": a NULL where the type is NOT NULL";
    assertThat(format.read("1,\"\"")).containsExactly(1, text(""), null);
    assertThatThrownBy(() -> format.read(",x")).hasMessage("column n" + error);
    assertThatThrownBy(() -> format.read("")).hasMessage("column n" + error + "; column t" + error);
    assertThat(format.read("1", 0, 2)).containsExactly(1, null);
  }

  @Test
  void theMarkThatEndsACopyIsData() throws IOException {
    assertThat(TEXTS.read("\\.")).containsExactly(text("\\."), null);
    assertThat(TEXTS.read("\\.,\\.")).containsExactly(text("\\."), text("\\."));
  }

  @Test
  void aQuoteThatDoesNotEndIsAnErrorWhateverIsRead() {
    assertThatThrownBy(() -> GUIDE.read("401,\"unterminated string\",\"01-01-2015,x"))
        .hasMessage("a quoted field does not end; it begins at byte 26");
    assertThatThrownBy(() -> GUIDE.read("1,x,,,\"", 0))
        .hasMessage("a quoted field does not end; it begins at byte 6");
  }

  @Test
  void onlyTheColumnsThatAreUsedAreRead() throws IOException {
    assertThat(GUIDE.read("x,abc,y,2024-01-31 00:00:00", 1)).containsExactly(text("abc"));
    assertThat(GUIDE.read("7,abc,y", 1, 0)).containsExactly(text("abc"), 7);
  }

  @Test
  void everyWrongValueIsNamedWithItsColumn() {
    assertThatThrownBy(() -> GUIDE.read("abc,x,31.02.2024,2024-01-31 25:00:00,y"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "column some_int: 'abc' is not an integer;"
                + " column some_date: '31.02.2024' is not a DATE: there is no such day;"
                + " column some_time: '2024-01-31 25:00:00' is not a TIMESTAMP: there is no such time of day");
    assertThatThrownBy(() -> GUIDE.read("999999999999999"))
        .hasMessage(
            "column some_int: '999999999999999' is out of range for INT, -2147483648 to 2147483647");
  }

  @Test
  void anErrorShowsOnlyTheStartOfAValueOnOneLine() {
    assertThatThrownBy(() -> GUIDE.read("\"a\nb" + "x".repeat(200) + "\""))
        .hasMessage("column some_int: 'a\\u000ab" + "x".repeat(71) + "…' is not an integer");
  }

  @Test
  void manyWrongValuesAreCounted() {
    FormatUnderTest format = FormatUnderTest.csv();
    for (int i = 0; i < 7; i++) {
      format = format.column("c" + i, INT());
    }
    FormatUnderTest seven = format;
    assertThatThrownBy(() -> seven.read("a,b,c,d,e,f,g"))
        .hasMessageStartingWith("column c0: 'a' is not an integer; column c1:")
        .hasMessageEndingWith("column c4: 'e' is not an integer; and 2 more");
  }

  @Test
  void bytesThatAreNoTextAreAnError() {
    assertThatThrownBy(() -> TEXTS.read(new byte[] {'a', ',', (byte) 0xE9}))
        .hasMessage("byte 2, 0xe9, is not valid UTF-8");
    assertThatThrownBy(() -> TEXTS.read("abcdefghijk\0".getBytes(UTF_8)))
        .hasMessage("byte 11 is the character U+0000, which PostgreSQL's text cannot hold");
  }

  @Test
  void aTombstoneIsNoRow() throws IOException {
    assertThat(GUIDE.decoder().deserialize(null)).isNull();
  }

  @Test
  void quotesAreWrittenOnlyWhereTheyAreNeeded() {
    assertThat(
            GUIDE.write(
                7,
                text("some text"),
                (int) LocalDate.of(2024, 1, 31).toEpochDay(),
                TimestampData.fromLocalDateTime(LocalDateTime.parse("2024-01-31T12:34:56.120"))))
        .isEqualTo("7,some text,2024-01-31,2024-01-31 12:34:56.12");
    assertThat(TEXTS.write(null, text(""))).isEqualTo(",\"\"");
    assertThat(TEXTS.write(text("a,b"), text("a\"b\n"))).isEqualTo("\"a,b\",\"a\"\"b\n\"");
  }

  @ParameterizedTest
  @CsvSource({"delimiter,\"", "quote,''", "escape,ab", "delimiter,ä", "quote,','"})
  void charactersThatCannotDoTheWorkAreRefused(String option, String value) {
    assertThatThrownBy(() -> TEXTS.with(option, value).decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'" + option + "'");
  }

  @Test
  void aNullLiteralThatNoFieldCanBeIsRefused() {
    assertThatThrownBy(() -> TEXTS.with("null-literal", "a,b").decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'null-literal' is 'a,b'");
  }

  @Test
  void aTypeWithoutATextIsRefused() {
    assertThatThrownBy(() -> FormatUnderTest.csv().column("tags", DataTypes.ARRAY(INT())).decoder())
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "The format 'postgres-csv' has no values of type ARRAY<INT>, which column 'tags' has;"
                + " declare it as STRING.");
  }

  @ParameterizedTest
  @CsvSource({"MDY,2003-01-02", "DMY,2003-02-01", "YMD,2001-02-03"})
  void theOrderOfADateIsAnOption(String order, String date) throws IOException {
    assertThat(FormatUnderTest.csv().with("date-order", order).column("d", DATE()).read("01/02/03"))
        .containsExactly((int) LocalDate.parse(date).toEpochDay());
  }

  private static StringData text(String text) {
    return StringData.fromString(text);
  }
}

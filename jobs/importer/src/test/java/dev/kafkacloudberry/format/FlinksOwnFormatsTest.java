package dev.kafkacloudberry.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Why there are formats beside Flink's own: what the page "From kafka_fdw" says of those. A failure
 * here means that a new release of Flink has mended something, and the page is out of date.
 */
class FlinksOwnFormatsTest {

  private static final FormatUnderTest CSV =
      new FormatUnderTest("csv", Map.of(), List.of(), new Configuration());
  private static final FormatUnderTest JSON =
      new FormatUnderTest("json", Map.of(), List.of(), new Configuration());
  private static final FormatUnderTest TWO =
      CSV.column("a", DataTypes.INT()).column("b", DataTypes.STRING());

  @ParameterizedTest
  @ValueSource(strings = {"1", "1,x,y"})
  void csvRefusesTooFewAndTooManyFields(String message) {
    assertThatThrownBy(() -> TWO.read(message)).hasMessageStartingWith("Failed to deserialize CSV");
  }

  @Test
  void csvTakesAnEmptyFieldAndAnEmptyStringForTheSame() throws IOException {
    assertThat(TWO.read("1,")).isEqualTo(TWO.read("1,\"\""));
    FormatUnderTest withNull = TWO.with("null-literal", "");
    assertThat(withNull.read("1,")).isEqualTo(withNull.read("1,\"\""));
  }

  @Test
  void csvLosesASecondLine() throws IOException {
    assertThat(TWO.read("1,x\n2,y")).hasToString("[1, x]");
  }

  @Test
  void csvMakesAnotherDayOfOneThatThereIsNot() throws IOException {
    assertThat(csv(DataTypes.DATE(), "2024-02-30"))
        .isEqualTo((int) LocalDate.of(2024, 3, 1).toEpochDay());
    assertThatThrownBy(() -> json(DataTypes.DATE(), "\"2024-02-30\""))
        .isInstanceOf(IOException.class);
  }

  @Test
  void csvRefusesTimesWithATOrAZone() {
    assertThatThrownBy(() -> csv(DataTypes.TIMESTAMP(6), "2024-01-31T12:34:56"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> csv(DataTypes.TIMESTAMP(6), "2024-01-31 12:34:56+02"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void jsonReadsTimesWithASpaceOrWithATAndNotBoth() throws IOException {
    FormatUnderTest times = JSON.column("c", DataTypes.TIMESTAMP(6));
    String withT = "{\"c\":\"2024-01-31T12:34:56\"}";
    String withSpace = "{\"c\":\"2024-01-31 12:34:56\"}";
    FormatUnderTest standard = times.with("timestamp-format.standard", "ISO-8601");
    assertThat(standard.read(withT)).hasToString("[2024-01-31T12:34:56]");
    assertThatThrownBy(() -> standard.read(withSpace)).isInstanceOf(IOException.class);
    FormatUnderTest sql = times.with("timestamp-format.standard", "SQL");
    assertThat(sql.read(withSpace)).hasToString("[2024-01-31T12:34:56]");
    assertThatThrownBy(() -> sql.read(withT)).isInstanceOf(IOException.class);
  }

  @Test
  void whatIsNotTheWordTrueIsFalse() throws IOException {
    for (String word : List.of("yes", "t", "1")) {
      assertThat(csv(DataTypes.BOOLEAN(), word)).isEqualTo(false);
      assertThat(json(DataTypes.BOOLEAN(), '"' + word + '"')).isEqualTo(false);
    }
  }

  @Test
  void decimalsThatAreTooLargeAreNull() throws IOException {
    assertThat(csv(DataTypes.DECIMAL(5, 2), "12345.6")).isNull();
    assertThat(json(DataTypes.DECIMAL(5, 2), "12345.6")).isNull();
  }

  @Test
  void textThatIsTooLongIsKept() throws IOException {
    assertThat(csv(DataTypes.VARCHAR(3), "abcdef")).hasToString("abcdef");
    assertThat(json(DataTypes.VARCHAR(3), "\"abcdef\"")).hasToString("abcdef");
  }

  @Test
  void jsonCutsFractionsOffIntegers() throws IOException {
    assertThat(json(DataTypes.INT(), "1.9")).isEqualTo(1);
    assertThat(json(DataTypes.BIGINT(), "1.9")).isEqualTo(1L);
    assertThatThrownBy(() -> csv(DataTypes.INT(), "1.9")).isInstanceOf(IOException.class);
  }

  @Test
  void jsonWritesNestedNumbersAnew() throws IOException {
    assertThat(json(DataTypes.STRING(), "{\"b\": 1.50, \"a\": 1e2}"))
        .hasToString("{\"b\":1.5,\"a\":100.0}");
  }

  @Test
  void jsonDoesNotLookBehindTheFirstValue() throws IOException {
    assertThat(JSON.column("c", DataTypes.INT()).read("{\"c\":1}{\"c\":2}")).hasToString("[1]");
  }

  private static Object csv(DataType type, String message) throws IOException {
    return CSV.column("c", type).read(message).get(0);
  }

  private static Object json(DataType type, String value) throws IOException {
    return JSON.column("c", type).read("{\"c\":" + value + "}").get(0);
  }
}

package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.BYTES;
import static org.apache.flink.table.api.DataTypes.CHAR;
import static org.apache.flink.table.api.DataTypes.DATE;
import static org.apache.flink.table.api.DataTypes.DECIMAL;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.FLOAT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.SMALLINT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIME;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;
import static org.apache.flink.table.api.DataTypes.TINYINT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the database reads out of the encoded rows, compared with what it makes of SQL literals. */
class CopyIntoPostgresITCase {
  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
    connection = server.connect();
    try (var statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'Asia/Shanghai'");
      statement.execute("CREATE TYPE mood AS ENUM ('sad', 'ok, \"happy\"')");
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** A value of Flink and the SQL literal that is the same value; {@code null} is NULL. */
  private record Case(DataType type, String sqlType, Object value, String literal) {}

  private static List<Case> binaryCases() {
    List<Case> cases = new ArrayList<>();
    numbers(cases);
    decimals(cases);
    strings(cases);
    times(cases);
    arrays(cases);
    return cases;
  }

  private static void numbers(List<Case> cases) {
    add(cases, BOOLEAN(), "boolean", true, "true");
    add(cases, BOOLEAN(), "boolean", false, "false");
    add(cases, TINYINT(), "smallint", Byte.MIN_VALUE, "-128");
    add(cases, SMALLINT(), "smallint", Short.MIN_VALUE, "-32768");
    add(cases, SMALLINT(), "integer", Short.MAX_VALUE, "32767");
    add(cases, INT(), "integer", Integer.MIN_VALUE, "-2147483648");
    add(cases, INT(), "bigint", Integer.MAX_VALUE, "2147483647");
    add(cases, BIGINT(), "bigint", Long.MIN_VALUE, "-9223372036854775808");
    add(cases, BIGINT(), "bigint", Long.MAX_VALUE, "9223372036854775807");
    add(cases, BIGINT(), "numeric", Long.MIN_VALUE, "-9223372036854775808");
    add(cases, INT(), "numeric(5,2)", -999, "-999");
    add(cases, BIGINT(), "real", 16_777_217L, "16777217");
    add(cases, BIGINT(), "double precision", Long.MAX_VALUE, "9223372036854775807");
    add(cases, FLOAT(), "real", Float.MIN_VALUE, "1.4e-45");
    add(cases, FLOAT(), "real", -Float.MAX_VALUE, "-3.4028235e38");
    add(cases, FLOAT(), "real", Float.NaN, "NaN");
    add(cases, FLOAT(), "double precision", 0.1f, "0.10000000149011612");
    add(cases, DOUBLE(), "double precision", Double.MIN_VALUE, "4.9e-324");
    add(cases, DOUBLE(), "double precision", Double.MAX_VALUE, "1.7976931348623157e308");
    add(cases, DOUBLE(), "double precision", Double.NEGATIVE_INFINITY, "-Infinity");
    add(cases, DOUBLE(), "double precision", Double.NaN, "NaN");
    add(cases, DOUBLE(), "double precision", -0.0, "-0");
    add(cases, DOUBLE(), "real", 0.1, "0.1");
  }

  private static void decimals(List<Case> cases) {
    decimal(cases, 1, 0, "0");
    decimal(cases, 4, 4, "0.0001");
    decimal(cases, 18, 0, "-999999999999999999");
    decimal(cases, 18, 18, "-0.000000000000000001");
    decimal(cases, 19, 1, "100000000000000000.0");
    decimal(cases, 38, 0, "9".repeat(38));
    decimal(cases, 38, 38, "-0." + "9".repeat(38));
    decimal(cases, 38, 18, "18446744073709551616.000000000000000000");
    add(cases, DECIMAL(10, 2), "numeric(10,2)", decimal("99999999.99", 10, 2), "99999999.99");
    add(cases, DECIMAL(10, 2), "numeric(12,4)", decimal("99999999.90", 10, 2), "99999999.9000");
    add(cases, DECIMAL(38, 10), "double precision", decimal("0.1", 38, 10), "0.1");
    add(
        cases,
        DECIMAL(38, 0),
        "bigint",
        decimal("-9223372036854775808", 38, 0),
        "-9223372036854775808");
  }

  private static void decimal(List<Case> cases, int precision, int scale, String value) {
    add(cases, DECIMAL(precision, scale), "numeric", decimal(value, precision, scale), value);
  }

  private static DecimalData decimal(String value, int precision, int scale) {
    return DecimalData.fromBigDecimal(new BigDecimal(value), precision, scale);
  }

  private static void strings(List<Case> cases) {
    for (String value :
        List.of(
            "",
            " ",
            "\\N",
            "\\.",
            "NULL",
            "a\tb\r\nc\\",
            "'\"{},",
            "\u0001\u007f",
            "é€😀",
            "x".repeat(70_000))) {
      add(cases, STRING(), "text", StringData.fromString(value), value);
      add(cases, STRING(), "varchar", StringData.fromBytes(value.getBytes(UTF_8)), value);
    }
    add(cases, CHAR(3), "character(5)", StringData.fromString("é€😀"), "é€😀  ");
    add(cases, STRING(), "character varying(3)", StringData.fromString("é€😀"), "é€😀");
    add(cases, STRING(), "json", StringData.fromString("{\"a\" : \"\\n\"}"), "{\"a\" : \"\\n\"}");
    add(
        cases,
        STRING(),
        "jsonb",
        StringData.fromString("{\"b\":1, \"a\":[]}"),
        "{\"a\":[],\"b\":1}");
    for (String uuid :
        List.of(
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11")) {
      add(cases, STRING(), "uuid", StringData.fromString(uuid), uuid);
    }
    add(cases, BYTES(), "bytea", new byte[0], "");
    add(cases, BYTES(), "bytea", new byte[] {0, '\\', 'x', -1, '\n'}, "\\x005c78ff0a");
  }

  private static void times(List<Case> cases) {
    for (String date :
        List.of(
            "2000-01-01",
            "1970-01-01",
            "2024-02-29",
            "0001-01-01",
            "10000-01-01",
            "5874897-12-31")) {
      add(cases, DATE(), "date", epochDay(date, 1), date);
    }
    add(cases, DATE(), "date", epochDay("0044-03-15", -1), "0044-03-15 BC");
    add(cases, DATE(), "date", epochDay("4714-11-24", -1), "4714-11-24 BC");
    add(cases, DATE(), "timestamp", epochDay("4714-11-24", -1), "4714-11-24 00:00:00 BC");
    add(cases, DATE(), "timestamp", epochDay("294276-12-31", 1), "294276-12-31 00:00:00");
    add(cases, TIME(0), "time", 0, "00:00:00");
    add(cases, TIME(3), "time", 86_399_999, "23:59:59.999");
    timestamps(cases, "2000-01-01T00:00:00", "2000-01-01 00:00:00");
    timestamps(cases, "1969-12-31T23:59:59.999999", "1969-12-31 23:59:59.999999");
    timestamps(cases, "-0043-03-15T01:02:03.1", "0044-03-15 01:02:03.1 BC");
    timestamps(cases, "-4713-11-24T00:00:00", "4714-11-24 00:00:00 BC");
    timestamps(cases, "+10000-01-01T00:00:00.00001", "10000-01-01 00:00:00.00001");
    timestamps(cases, "+294276-12-31T23:59:59.999999", "294276-12-31 23:59:59.999999");
    add(
        cases,
        TIMESTAMP(3),
        "timestamp(3)",
        TimestampData.fromEpochMillis(1),
        "1970-01-01 00:00:00.001");
  }

  private static int epochDay(String date, int era) {
    String[] parts = date.split("-");
    int year = Integer.parseInt(parts[0]);
    return (int)
        LocalDate.of(
                era > 0 ? year : 1 - year, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]))
            .toEpochDay();
  }

  private static void timestamps(List<Case> cases, String iso, String literal) {
    TimestampData value = TimestampData.fromLocalDateTime(LocalDateTime.parse(iso));
    String utc = literal.endsWith(" BC") ? literal.replace(" BC", "+00 BC") : literal + "+00";
    add(cases, TIMESTAMP(6), "timestamp", value, literal);
    add(cases, TIMESTAMP(9), "timestamp", value, literal);
    add(cases, TIMESTAMP_LTZ(6), "timestamptz", value, utc);
  }

  private static void arrays(List<Case> cases) {
    array(cases, INT(), "integer[]", "{}");
    array(cases, INT(), "bigint[]", "{1,NULL,-3}", 1, null, -3);
    array(cases, BOOLEAN(), "boolean[]", "{t,f}", true, false);
    array(
        cases,
        DOUBLE(),
        "double precision[]",
        "{NaN,-Infinity}",
        Double.NaN,
        Double.NEGATIVE_INFINITY);
    array(
        cases,
        DECIMAL(5, 2),
        "numeric(7,2)[]",
        "{1.50,-0.01}",
        decimal("1.5", 5, 2),
        decimal("-0.01", 5, 2));
    array(cases, DATE(), "date[]", "{\"0044-03-15 BC\"}", epochDay("0044-03-15", -1));
    array(cases, TIME(3), "time[]", "{00:00:01}", 1000);
    array(
        cases,
        TIMESTAMP(6),
        "timestamp[]",
        "{\"1970-01-01 00:00:00.001\"}",
        TimestampData.fromEpochMillis(1));
    array(
        cases,
        TIMESTAMP_LTZ(6),
        "timestamptz[]",
        "{\"1970-01-01 00:00:00+00\"}",
        TimestampData.fromEpochMillis(0));
    array(cases, BYTES(), "bytea[]", "{\"\\\\x005c\"}", (Object) new byte[] {0, '\\'});
    for (String type : List.of("text[]", "varchar[]", "varchar(20)[]")) {
      array(
          cases,
          STRING(),
          type,
          "{\"\",NULL,\"NULL\",\" a\\\"\\\\\n\t{},\",é€😀}",
          StringData.fromString(""),
          null,
          StringData.fromString("NULL"),
          StringData.fromString(" a\"\\\n\t{},"),
          StringData.fromString("é€😀"));
    }
    array(cases, STRING(), "character(3)[]", "{\"a  \"}", StringData.fromString("a"));
    array(cases, STRING(), "jsonb[]", "{\"{\\\"a\\\": 1}\"}", StringData.fromString("{\"a\":1}"));
    array(cases, STRING(), "json[]", "{\"[1, 2]\"}", StringData.fromString("[1, 2]"));
    array(
        cases,
        STRING(),
        "uuid[]",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        StringData.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"));
  }

  private static void array(
      List<Case> cases, DataType element, String sqlType, String literal, Object... elements) {
    add(cases, ARRAY(element), sqlType, new GenericArrayData(elements), literal);
  }

  private static void add(
      List<Case> cases, DataType type, String sqlType, Object value, String literal) {
    cases.add(new Case(type, sqlType, value, literal));
  }

  private static List<Case> textOnlyCases() {
    List<Case> cases = new ArrayList<>();
    string(cases, "date", "2024-02-29");
    string(cases, "date", "infinity");
    string(cases, "timestamptz", "2024-02-29 12:00:00 Europe/Berlin");
    string(cases, "inet", "2001:db8::/32");
    string(cases, "mood", "ok, \"happy\"");
    string(cases, "integer", " 42 ");
    string(cases, "numeric(10,2)", "1e3");
    string(cases, "xml", "<a b=\"c\">\\\n</a>");
    string(cases, "boolean", "yes");
    string(cases, "bytea", "\\x00ff");
    string(cases, "interval", "1 year -3 days");
    string(cases, "int4range", "[1,5)");
    string(cases, "text[]", "{\"a\\\\b\",NULL}");
    string(cases, "point", "(1,2)");
    array(
        cases,
        STRING(),
        "mood[]",
        "{sad,\"ok, \\\"happy\\\"\"}",
        StringData.fromString("sad"),
        StringData.fromString("ok, \"happy\""));
    array(
        cases,
        STRING(),
        "box[]",
        "{(1,1),(0,0);(2,2),(1,1)}",
        StringData.fromString("(1,1),(0,0)"),
        StringData.fromString("(2,2),(1,1)"));
    add(cases, BOOLEAN(), "text", true, "true");
    add(cases, BIGINT(), "varchar(20)", Long.MIN_VALUE, "-9223372036854775808");
    add(cases, DECIMAL(38, 2), "character(6)", decimal("-0.05", 38, 2), "-0.05 ");
    add(cases, DOUBLE(), "numeric", 0.1, "0.1");
    add(cases, DOUBLE(), "numeric", Double.NaN, "NaN");
    add(cases, FLOAT(), "numeric", 1.5e7f, "15000000");
    add(cases, DATE(), "text", epochDay("0044-03-15", -1), "0044-03-15 BC");
    add(
        cases,
        TIMESTAMP_LTZ(9),
        "text",
        TimestampData.fromEpochMillis(0, 1),
        "1970-01-01 00:00:00.000000001+00");
    array(cases, INT(), "text[]", "{1,NULL}", 1, null);
    return cases;
  }

  private static void string(List<Case> cases, String sqlType, String value) {
    add(cases, STRING(), sqlType, StringData.fromString(value), value);
  }

  @ParameterizedTest
  @EnumSource
  void everyValueArrivesAsTheSameLiteralDoes(CopyFormat format) throws Exception {
    assertArrive(binaryCases(), format);
  }

  @Test
  void whatOnlyTheDatabaseCanParseArrivesInTextFormat() throws Exception {
    assertArrive(textOnlyCases(), CopyFormat.TEXT);
  }

  /** All cases as the columns of one table: the values, then a row of NULLs in their places. */
  private static void assertArrive(List<Case> cases, CopyFormat format) throws Exception {
    try (CopyTable table =
        CopyTable.create(connection, cases.stream().map(Case::sqlType).toList())) {
      RowEncoder encoder = table.encoder(cases.stream().map(Case::type).toList(), format);
      Object[] values = cases.stream().map(Case::value).toArray();
      table.copy(encoder, List.of(GenericRowData.of(values), new GenericRowData(cases.size())));

      for (int i = 0; i < cases.size(); i++) {
        Case expected = cases.get(i);
        assertThat(table.values(i))
            .as("%s %s into %s", expected.type(), expected.literal(), expected.sqlType())
            .containsExactly(table.value(expected.sqlType(), expected.literal()), null);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void randomValuesAreReadBackAsText(CopyFormat format) throws Exception {
    long seed = 31;
    Random random = new Random(seed);
    List<GenericRowData> rows = new ArrayList<>();
    List<List<String>> expected = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      BigDecimal compact = BigDecimal.valueOf(random.nextLong() % 1_000_000_000_000_000_000L, 7);
      BigDecimal large = new BigDecimal(new BigInteger(random.nextInt(1, 126), random), 19);
      String string = randomString(random);
      LocalDateTime time =
          LocalDateTime.of(random.nextInt(1, 20_000), 1, 1, 0, 0)
              .plusNanos(random.nextLong(31_000_000_000_000L) * 1_000);
      rows.add(
          GenericRowData.of(
              DecimalData.fromBigDecimal(compact, 18, 7),
              DecimalData.fromBigDecimal(large, 38, 19),
              StringData.fromString(string),
              TimestampData.fromLocalDateTime(time)));
      expected.add(
          List.of(
              compact.toPlainString(),
              large.toPlainString(),
              string,
              Long.toString(time.toLocalDate().toEpochDay()),
              Long.toString(time.toLocalTime().toNanoOfDay() / 1_000)));
    }
    try (CopyTable table =
        CopyTable.create(connection, List.of("numeric", "numeric", "text", "timestamp"))) {
      RowEncoder encoder =
          table.encoder(List.of(DECIMAL(18, 7), DECIMAL(38, 19), STRING(), TIMESTAMP(6)), format);
      table.copy(encoder, rows);

      assertThat(
              table.query(
                  "SELECT c0::text, c1::text, c2, (c3::date - date '1970-01-01')::text,"
                      + " (extract(epoch FROM c3::time) * 1000000)::bigint::text FROM copied ORDER BY row"))
          .as("seed %d", seed)
          .isEqualTo(expected);
    }
  }

  private static String randomString(Random random) {
    StringBuilder string = new StringBuilder();
    for (int length = random.nextInt(40); length > 0; length--) {
      switch (random.nextInt(4)) {
        case 0 -> string.append("\\\t\n\r\"',{}N".charAt(random.nextInt(10)));
        case 1 -> string.append((char) random.nextInt(1, 0xD800));
        case 2 -> string.appendCodePoint(random.nextInt(0x10000, 0x110000));
        default -> string.append((char) random.nextInt('a', 'z'));
      }
    }
    return string.toString();
  }
}

package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/** What a text means, here and in PostgreSQL: the same, but where the test says otherwise. */
@Timeout(300)
class AsPostgresReadsITCase {

  private static final long SEED = Long.getLong("random.seed", 20_240_131);
  private static final int RANDOM_TEXTS = Integer.getInteger("random.texts", 200);
  private static final String CHARACTERS = "0123456789012345678901234567890+-:./,TeEx \t";
  private static final List<String> WORDS_OF_DATES =
      list(
          """
          Jan|Mon|AM|PM|BC|AD|Z|+02|-|:| |12:34|2024""");
  private static final String ZONE = "Europe/Berlin";

  /** A type of Flink and its likeness. */
  private enum Type {
    BOOLEAN(DataTypes.BOOLEAN(), "boolean"),
    SMALLINT(DataTypes.SMALLINT(), "smallint"),
    INT(DataTypes.INT(), "integer"),
    BIGINT(DataTypes.BIGINT(), "bigint"),
    DECIMAL(DataTypes.DECIMAL(10, 2), "numeric(10,2)"),
    LARGE_DECIMAL(DataTypes.DECIMAL(38, 10), "numeric(38,10)"),
    FLOAT(DataTypes.FLOAT(), "real"),
    DOUBLE(DataTypes.DOUBLE(), "double precision"),
    VARCHAR(DataTypes.VARCHAR(3), "varchar(3)"),
    CHAR(DataTypes.CHAR(3), "char(3)"),
    STRING(DataTypes.STRING(), "text"),
    BYTES(DataTypes.BYTES(), "bytea"),
    DATE(DataTypes.DATE(), "date"),
    DATE_DMY(DataTypes.DATE(), "date", "DMY"),
    DATE_YMD(DataTypes.DATE(), "date", "YMD"),
    TIME(DataTypes.TIME(3), "time(3)"),
    TIMESTAMP(DataTypes.TIMESTAMP(6), "timestamp"),
    TIMESTAMP_MILLIS(DataTypes.TIMESTAMP(3), "timestamp(3)"),
    TIMESTAMP_LTZ(DataTypes.TIMESTAMP_LTZ(6), "timestamptz");

    private final DataType flink;
    private final String postgres;
    private final String dateOrder;

    Type(DataType flink, String postgres) {
      this(flink, postgres, "MDY");
    }

    Type(DataType flink, String postgres, String dateOrder) {
      this.flink = flink;
      this.postgres = postgres;
      this.dateOrder = dateOrder;
    }

    private String table() {
      return "of_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> NUMBERS =
      list(
          """
          0|1|-1|+1| 42 |\t7\n|\u00a07|007|-0|--1|+-1|1 2|| |-|+|.|1.|.5|-.5|1.0|\
          1.5|1,5|1_000|0x10|1e3|1E3|1e+3|1e-3|1e|e1|1e1.5|NaN|nan|Infinity|\
          -infinity|inf|+inf|infin|abc|true|١|32767|32768|-32768|-32769|\
          2147483647|2147483648|-2147483648|-2147483649|9223372036854775807|\
          9223372036854775808|-9223372036854775808|-9223372036854775809|\
          99999999999999999999999999|0.005|-0.005|0.0049999999999|0.015|1.005|\
          99999999.994|99999999.995|99999999.99|100000000|123456789.12|1e7|1e8|\
          1e-400|-1e-400|1e400|0e99999|\
          0.00000000000000000000000000000000000000001|\
          12345678901234567890123456789.0123456789|\
          9999999999999999999999999999.99999999995|\
          9999999999999999999999999999.99999999994|99999999999999999999999999999|\
          0.00000000005|0.00000000004999|3.4028235e38|3.4028236e38|3.5e38|\
          1.4e-45|1e-46|0.1|16777217|33554433|1.7976931348623157e308|1.8e308|\
          4.9e-324|2e-324|9007199254740993|123456789012345678901234567890|1e22|\
          1e23|8.5e22|0.30000000000000004|1f|1d|1.5e10|nan(1)""");

  private static final List<String> WORDS =
      list(
          """
          t|T|tr|tru|true|TRUE|truee|f|F|fal|false|y|ye|yes|yess|n|no|nope|o|on|\
          ON|of|off|offf|1|0|2|01|| | true |\ttrue\n|-1|null|tRuE|wahr""");

  private static final List<String> STRINGS =
      list(
          """
          | |a|abc|abcd|abc |abc    |ab  c|äöü|äöüx|äöü |😀😀😀|😀😀😀😀|   |    |a\nb|\
          \\.|\\N|NULL|"|a,b|\\|\u0001""");

  private static final List<String> BYTES =
      list(
          """
          \\x|\\x00|\\xDEADbeef|\\xa|\\xag|\\x 00 ff|\\x0 0|\\x00\nff|x00|00|\
          \\X00""");

  private static final List<String> DATES =
      list(
          """
          2024-01-31|2024-02-29|2023-02-29|2024-13-01|2024-00-10|2024-01-00|\
          2024-01-32|2024-04-31|1900-02-29|2000-02-29|0000-01-01|0001-01-01|\
          9999-12-31|10000-01-01|294276-12-31|294277-01-01|5874897-12-31|\
          5874898-01-01|44-03-15 BC|0044-03-15 BC|4713-01-01 BC|4714-11-24 BC|\
          4714-11-23 BC|0000-01-01 BC|2024-01-31 AD|20240131|20241301|2024-1-5|\
          24-01-31|01-31-2024|01/31/2024|31/01/2024|1/2/03|1/2/69|1/2/70|\
          31.01.2024|01.02.2024|01-01-2015|20-20-2015|invalid_date|foob|\
          2015-13-13|Jan 31 2024|January 31, 2024|31 Jan 2024|31-Jan-2024|\
          Jan-31-2024|2024-Jan-31|2024 Jan 31|31-Jan-24|Janu 31 2024|Sept 3 2024|\
          1 2 2024|2024 01 31|Wed Jan 31 2024|Wednesday, 31 January 2024|\
          Foo Jan 31 2024|2024-01|2024|2024-01-31-01|2024/01/31|2024.01.31|\
          2024-01/31|| | 2024-01-31 |\t2024-01-31\n|2024-01-31x|2024-01-31T|\
          2024-01-31 12:34|2024-01-31T12:34:56Z|Thu Jan 01 01:31:00 2015|\
          Thu Jan 01 2015 01:31:00|1.5|-1|-2024-01-31|2024-01-31 2024-01-31|\
          123-01-31|2024-001-31|2024-01-031|12345-01-31|Jan 31 24|24 Jan 31|\
          Jan 2024|31|Jan""");

  private static final List<String> TIMES =
      list(
          """
          12:34|12:34:56|12:34:56.7|12:34:56.789|12:34:56.7894|12:34:56.7895|\
          12:34:56.123456|00:00|24:00|24:00:00|24:00:01|24:01|25:00|12:60|\
          12:34:60|12:34:61|23:59:59.9994|1:2|1:2:3|01:2:03|12|12:|12:34:|\
          12:34:56.|12:34:56,7| 12:34 |12:34 AM|12:34 PM|12:34 pm|12:34PM|\
          01:02 PM|13:00 PM|13:00 AM|00:30 PM|00:30 AM|12:34:56+02|12:34:56Z|\
          12:34:56 UTC|12:34:56-0330|12:34:56+15:59|12:34:56+16|12:34:56+02:60||\
          noonish|12:34 12:34|12:34 AM PM|-12:34|2024-01-31 12:34|12.34""");

  private static List<String> timestamps() {
    List<String> timestamps = new ArrayList<>(DATES);
    for (String time : TIMES) {
      timestamps.add("2024-01-31 " + time);
      timestamps.add("2024-01-31T" + time);
      timestamps.add("Jan 31 2024 " + time);
      timestamps.add(time + " 31-Jan-2024");
    }
    timestamps.addAll(
        list(
            """
          2024-01-31 12:34:56.1234565|2024-01-31 12:34:56.1234575|\
          2024-01-31 12:34:56.1234564999|2024-01-31 12:34:56.999999499|\
          2024-01-31 12:34:56.9999995|2024-12-31 23:59:59.9999999|\
          1999-12-31 23:59:59.9995|1999-12-31 23:59:59.0005|\
          2000-01-01 00:00:00.0005|1969-12-31 23:59:59.9985|\
          2024-01-31 12:34:56.1234999|2024-01-31 12:34:56.0015|\
          2024-01-31 12:34:56.0025|20240131T123456|20240131 123456|20240131T1234|\
          20240131T12:34:56.789|20240131123456|2024-01-31 t 12:34|\
          2024-01-31  12:34|2024-01-31, 12:34|2024-01-31T 12:34|\
          2024-03-31 02:30:00|2024-03-31 03:00|2024-10-27 02:30:00|\
          2024-10-27 01:59:59|2024-07-01 00:00:00|1893-03-31 23:59:59|\
          1880-01-01 00:00:00|2024-01-31 00:00:00+15:59:59|\
          2024-01-31 12:34:56 +0200|2024-01-31 12:34:56+2|2024-01-31 +02|\
          2024-01-31+02|2024-01-31 12:34+02 +03|2024-01-31 12:34:56 Z|\
          2024-01-31 12:34:56 zulu|2024-01-31 12:34:56+02:00:30|\
          2024-01-31 12:34:56-02:30 BC|4714-11-24 00:00:00 BC|\
          4714-11-23 23:59:59 BC|294276-12-31 23:59:59.999999|\
          294276-12-31 23:59:59.9999999|1700000000|1700000000000|\
          2015-01-12T13:42:21|2015-01-12T13:43:01"""));
    return timestamps;
  }

  private static final Set<Type> DECIMALS = Set.of(Type.DECIMAL, Type.LARGE_DECIMAL);
  private static final Set<Type> FLOATS = Set.of(Type.FLOAT, Type.DOUBLE);
  private static final Set<Type> TIMESTAMPS =
      Set.of(Type.TIMESTAMP, Type.TIMESTAMP_MILLIS, Type.TIMESTAMP_LTZ);

  /** What PostgreSQL reads and we refuse. There is nothing that we read and it refuses. */
  private static final Map<Set<Type>, List<String>> REFUSED =
      Map.of(
          // Flink's type has none.
          DECIMALS,
          List.of("NaN", "nan"),
          // Whatever else the C library takes for a number.
          FLOATS,
          List.of("0x10", "nan(1)"),
          // Bytes that are not in hexadecimal.
          Set.of(Type.BYTES),
          List.of("x00", "00", "\\000", "abc", ""),
          // Another day each day, and none at all.
          Set.of(Type.DATE),
          list(
              """
          today|tomorrow|epoch|infinity|-infinity|J2451187|150131|1700001231|\
          1999.008|2024(01)31|on 31 January 2024|2024-01-31 America/New_York|\
          2024-01-31 PST"""),
          Set.of(Type.TIME),
          list(
              """
          24:00|24:00:00|23:59:59.9995|23:59:60|12:|12:34:|1234|123456|allballs|\
          now|12:34 PST|2024-01-31 12:34 PM|2024-01-31 12:34 Europe/Berlin"""),
          TIMESTAMPS,
          list(
              """
          2024-01-31 12:|2024-01-31T12:|Jan 31 2024 12:|2024-01-31 12:34:|\
          2024-01-31T12:34:|Jan 31 2024 12:34:|2024-01-31T-12:34|\
          -12:34 31-Jan-2024|now|today 12:34|epoch|infinity|\
          2024-01-31 12:34:56 PST|2024-01-31 12:34:56 Europe/Berlin|\
          2024-01-31 12:34.5|20240131 1234Z"""),
          Set.of(Type.TIMESTAMP_MILLIS),
          List.of("294276-12-31 23:59:59.999999"));

  private static final Map<Type, DeserializationSchema<RowData>> DECODERS =
      Stream.of(Type.values())
          .collect(Collectors.toMap(type -> type, AsPostgresReadsITCase::decoder));

  private static PostgresServer server;
  private static Connection connection;

  @BeforeAll
  static void start() throws SQLException {
    server = PostgresServer.start();
    connection = server.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE '" + ZONE + "'");
      for (Type type : Type.values()) {
        statement.execute("CREATE TABLE %s (c %s)".formatted(type.table(), type.postgres));
      }
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void aTextMeansTheSame(Type type) throws Exception {
    SoftAssertions softly = new SoftAssertions();
    List<String> refused = refused(type);
    for (String text : texts(type)) {
      if (!refused.contains(text)) {
        String theirs = postgres(type, text).orElse("refused");
        String ours = ours(type, text).orElse("refused");
        softly.assertThat(ours).as("%s '%s'", type, text).isEqualTo(theirs);
      }
    }
    softly.assertAll();
  }

  @ParameterizedTest
  @EnumSource
  void whatWeRefuseIsKnown(Type type) throws Exception {
    SoftAssertions softly = new SoftAssertions();
    for (String text : refused(type)) {
      softly.assertThat(postgres(type, text)).as("%s '%s'", type, text).isPresent();
      softly.assertThat(ours(type, text)).as("%s '%s'", type, text).isEmpty();
    }
    softly.assertAll();
  }

  /** Texts that nobody thought of: those of the lists, with something changed. */
  @ParameterizedTest
  @EnumSource
  void whatWeReadPostgresReadsAsTheSame(Type type) throws Exception {
    Random random = new Random(SEED);
    List<String> texts = texts(type);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      String text = changed(texts.get(random.nextInt(texts.size())), random);
      Optional<String> ours = ours(type, text);
      if (ours.isPresent()) {
        assertThat(ours).as("seed %d: %s '%s'", SEED, type, text).isEqualTo(postgres(type, text));
      }
    }
  }

  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(changed.length() + 1);
      switch (random.nextInt(4)) {
        case 0 -> changed.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        case 1 -> changed.delete(at, Math.min(changed.length(), at + 1));
        case 2 -> {
          changed.delete(at, Math.min(changed.length(), at + 1));
          changed.insert(at, CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        default -> changed.insert(at, WORDS_OF_DATES.get(random.nextInt(WORDS_OF_DATES.size())));
      }
    }
    return changed.toString();
  }

  private static List<String> refused(Type type) {
    return REFUSED.entrySet().stream()
        .filter(entry -> entry.getKey().contains(type))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  private static List<String> list(String texts) {
    return List.of(texts.split("\\|", -1));
  }

  private static List<String> texts(Type type) {
    return switch (type) {
      case BOOLEAN -> WORDS;
      case SMALLINT, INT, BIGINT, DECIMAL, LARGE_DECIMAL, FLOAT, DOUBLE -> NUMBERS;
      case VARCHAR, CHAR, STRING -> STRINGS;
      case BYTES -> BYTES;
      case DATE, DATE_DMY, DATE_YMD -> DATES;
      case TIME -> TIMES;
      case TIMESTAMP, TIMESTAMP_MILLIS, TIMESTAMP_LTZ -> timestamps();
    };
  }

  private static DeserializationSchema<RowData> decoder(Type type) {
    return FormatUnderTest.csv()
        .zone(ZONE)
        .with("date-order", type.dateOrder)
        .column("c", type.flink)
        .decoder();
  }

  private static Optional<String> postgres(Type type, String text) throws Exception {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET DateStyle = 'ISO, %s'".formatted(type.dateOrder));
      statement.execute("TRUNCATE " + type.table());
      try {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY %s FROM STDIN (FORMAT csv)".formatted(type.table()),
                new ByteArrayInputStream((quoted(text) + "\n").getBytes(UTF_8)));
      } catch (SQLException e) {
        return Optional.empty();
      }
      String value = type == Type.TIMESTAMP_LTZ ? "c AT TIME ZONE 'UTC'" : "c";
      try (ResultSet rows =
          statement.executeQuery("SELECT (%s)::text FROM %s".formatted(value, type.table()))) {
        rows.next();
        return Optional.of(rows.getString(1)).map(read -> canonical(type, read));
      }
    }
  }

  private static Optional<String> ours(Type type, String text) {
    try {
      RowData row = DECODERS.get(type).deserialize(quoted(text).getBytes(UTF_8));
      Object value = ((GenericRowData) row).getField(0);
      String written = ValueWriters.of(type.flink.getLogicalType()).orElseThrow().text(value);
      return Optional.of(
          canonical(type, type == Type.TIMESTAMP_LTZ ? written.replace("Z", "") : written));
    } catch (IOException e) {
      assertThat(e).hasMessageStartingWith("column c: '");
      return Optional.empty();
    }
  }

  /** Floats are written in more than one way. */
  private static String canonical(Type type, String value) {
    return switch (type) {
      case FLOAT -> Float.toString(Float.parseFloat(value));
      case DOUBLE -> Double.toString(Double.parseDouble(value));
      case CHAR -> value.stripTrailing();
      default -> value;
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }
}

package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Messages whose values go all the way, in batch mode, so that the import ends. */
@Timeout(60)
class ValuesITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static int topics;

  @TempDir private Path directory;

  @Test
  void columnsThatTheInsertLeavesOutGetTheirDefaults() {
    FIXTURE.execute("CREATE TABLE defaults (n int, t text DEFAULT 'none', id serial)");
    FIXTURE.execute("GRANT USAGE ON SEQUENCE defaults_id_seq TO " + FIXTURE.role().name());
    succeed(
        source("n INT", "{\"n\":7}"),
        target("n INT, t STRING, id INT", "'table-name' = 'defaults'"),
        "INSERT INTO target (n) SELECT n FROM source;");
    assertThat(FIXTURE.query("SELECT defaults FROM defaults")).containsExactly("(7,none,1)");
  }

  @Test
  void namesInMixedCaseAreFound() {
    FIXTURE.execute(
        "CREATE SCHEMA \"Mixed\"; CREATE TABLE \"Mixed\".\"Case.d\" (\"Nr\" int, plain text)");
    FIXTURE.execute("GRANT USAGE ON SCHEMA \"Mixed\" TO " + FIXTURE.role().name());
    succeed(
        source("n INT, t STRING", "{\"n\":7,\"t\":\"seven\"}"),
        target("`Nr` INT, `Plain` STRING", "'table-name' = '\"Mixed\".\"Case.d\"'"),
        "INSERT INTO target SELECT n, t FROM source;");
    assertThat(FIXTURE.query("SELECT \"Nr\" || plain FROM \"Mixed\".\"Case.d\""))
        .containsExactly("7seven");
  }

  @Test
  void stringsGoIntoColumnsOfAnyType() {
    FIXTURE.execute("CREATE TYPE mood AS ENUM ('fine')");
    FIXTURE.execute("CREATE TABLE parsed (d date, a inet, m mood)");
    succeed(
        source(
            "d STRING, a STRING, m STRING",
            "{\"d\":\"2024-02-29\",\"a\":\"10.0.0.1/8\",\"m\":\"fine\"}",
            "{}"),
        target("d STRING, a STRING, m STRING", "'table-name' = 'parsed'"),
        "INSERT INTO target SELECT d, a, m FROM source;");
    assertThat(FIXTURE.query("SELECT parsed FROM parsed"))
        .containsExactlyInAnyOrder("(2024-02-29,10.0.0.1/8,fine)", "(,,)");
  }

  @Test
  void everyTypeOfFlinkArrives() {
    FIXTURE.execute(
        """
        CREATE TABLE every_type (
          a boolean, b smallint, c smallint, d int, e bigint, f real, g double precision,
          h numeric(20, 5), i char(3), j varchar(9), k text, l bytea, m date, n time,
          o timestamp, p timestamptz, q int[], r jsonb, s uuid)
        """);
    String columns =
        """
        a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE,
        h DECIMAL(20, 5), i CHAR(3), j VARCHAR(9), k STRING, l BYTES, m DATE, n TIME(0),
        o TIMESTAMP(6), p TIMESTAMP_LTZ(6), q ARRAY<INT>, r STRING, s STRING
        """;
    succeed(
        source(
            columns,
            """
            {"a":true,"b":-128,"c":32767,"d":-2147483648,"e":9223372036854775807,"f":1.5,"g":-0.1,
             "h":-123456789012345.67890,"i":"abc","j":"nine char","k":"grüße 😀 \\\\ \\t","l":"AP8=",
             "m":"0001-01-01","n":"23:59:59","o":"9999-12-31 23:59:59.999999",
             "p":"1969-12-31 23:59:59.5Z","q":[1,null,3],"r":"{\\"k\\": [1]}",
             "s":"123e4567-e89b-12d3-a456-426614174000"}
            """,
            "{}"),
        target(columns, "'table-name' = 'every_type'"),
        "INSERT INTO target SELECT * FROM source;");
    assertThat(
            FIXTURE.query(
                """
                SELECT concat_ws('|', a, b, c, d, e, f, g, h, i, j, k, encode(l, 'hex'), m, n, o,
                                 p AT TIME ZONE 'UTC', q, r, s)
                  FROM every_type ORDER BY d
                """))
        .containsExactly(
            "t|-128|32767|-2147483648|9223372036854775807|1.5|-0.1|-123456789012345.67890|abc"
                + "|nine char|grüße 😀 \\ \t|00ff|0001-01-01|23:59:59|9999-12-31 23:59:59.999999"
                + "|1969-12-31 23:59:59.5|{1,NULL,3}|{\"k\": [1]}"
                + "|123e4567-e89b-12d3-a456-426614174000",
            "");
  }

  @Test
  void aNulCharacterFailsTheJobNamingTheColumn() {
    FIXTURE.execute("CREATE TABLE nul (n int, t text)");
    JobResult result =
        run(
            source("n INT, t STRING", "{\"n\":1,\"t\":\"fine\"}", "{\"n\":2,\"t\":\"a\\u0000b\"}"),
            target("n INT, t STRING", "'table-name' = 'nul'"),
            "INSERT INTO target SELECT n, t FROM source;");
    assertThat(result.getSerializedThrowable()).isPresent();
    assertThat(ExceptionUtils.stringifyException(result.getSerializedThrowable().get()))
        .contains(
            "A row cannot be loaded into table public.nul: Column \"t\": the character U+0000");
    assertThat(FIXTURE.query("SELECT n FROM nul")).isEmpty();
  }

  @Test
  void thePasswordMayStandInAFile() throws IOException {
    Path password =
        Files.writeString(directory.resolve("password"), FIXTURE.role().password() + "\n");
    FIXTURE.execute("CREATE TABLE by_file (n int)");
    succeed(
        source("n INT", "{\"n\":7}"),
        target("n INT", "'table-name' = 'by_file'", "'password-file' = '" + password + "'"),
        "INSERT INTO target SELECT n FROM source;");
    assertThat(FIXTURE.query("SELECT n FROM by_file")).containsExactly("7");
  }

  private static void succeed(String... sql) {
    JobResult result = run(sql);
    assertThat(result.getSerializedThrowable()).isEmpty();
  }

  private static JobResult run(String... sql) {
    ImportFixture.Outcome outcome =
        FIXTURE.run(
            String.join("\n", sql),
            Map.of("execution.runtime-mode", "batch", "restart-strategy.type", "none"));
    assertThat(outcome.err()).isEmpty();
    return FIXTURE.flink().awaitEnd(outcome.jobs().get(0), SOON);
  }

  /** A table of JSON messages. */
  private static String source(String columns, String... messages) {
    String topic = "values_" + ++topics;
    FIXTURE.kafka().createTopic(topic, 1);
    FIXTURE.kafka().produce(topic, List.of(messages).stream().map(Message::of).toList());
    return """
    CREATE TABLE source (%s) WITH (
      'connector' = 'kafka-partitioned', 'topic' = '%s', 'format' = 'json',
      'json.timestamp-format.standard' = 'SQL');
    """
        .formatted(columns, topic);
  }

  private static String target(String columns, String... options) {
    return "CREATE TABLE target (%s) WITH ('connector' = 'cloudberry', %s);"
        .formatted(columns, String.join(", ", options));
  }
}

package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedNullsTest {

  private static TableEnvironment tables;

  private TypedNulls nulls;

  @BeforeAll
  static void declare() {
    tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    tables.executeSql(
        "CREATE TABLE t (part INT METADATA FROM 'partition', offs BIGINT METADATA FROM 'offset'"
            + " VIRTUAL, n INT NOT NULL, `some text` STRING, double_n AS n * 2, moment TIMESTAMP(6))"
            + " WITH ('connector' = 'kafka-partitioned', 'topic' = 't', 'format' = 'csv')");
  }

  @BeforeEach
  void create() {
    nulls = new TypedNulls(tables);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "INSERT INTO t(part, n) VALUES (0, 1), (NULL, 2) | INSERT INTO t(part, n) VALUES (0, 1), (CAST(NULL AS INT), 2)",
        "insert into t (moment, `some text`) values (null, null) | insert into t (moment, `some text`) values (CAST(NULL AS TIMESTAMP(6)), CAST(NULL AS VARCHAR(2147483647)))",
        "INSERT INTO t VALUES (NULL, 1, 'x', NULL) | INSERT INTO t VALUES (CAST(NULL AS INT), 1, 'x', CAST(NULL AS TIMESTAMP(6)))",
        "INSERT INTO default_catalog.`default_database`.t (n) VALUES (NULL) | INSERT INTO default_catalog.`default_database`.t (n) VALUES (CAST(NULL AS INT))",
        "INSERT INTO t /*+ OPTIONS('sink.parallelism' = '1') */ (n) VALUES (NULL) | INSERT INTO t /*+ OPTIONS('sink.parallelism' = '1') */ (n) VALUES (CAST(NULL AS INT))",
        "EXPLAIN INSERT INTO t (n) VALUES ROW(NULL) | EXPLAIN INSERT INTO t (n) VALUES ROW(CAST(NULL AS INT))",
        "EXPLAIN PLAN FOR INSERT OVERWRITE t (n) VALUES (NULL) | EXPLAIN PLAN FOR INSERT OVERWRITE t (n) VALUES (CAST(NULL AS INT))",
        "INSERT INTO t (part, n) VALUES (ABS(1, NULL), NULL) | INSERT INTO t (part, n) VALUES (ABS(1, NULL), CAST(NULL AS INT))",
        "INSERT INTO t (`some text`, n) VALUES ('(NULL, ''NULL', NULL) | INSERT INTO t (`some text`, n) VALUES ('(NULL, ''NULL', CAST(NULL AS INT))",
        "INSERT INTO t (`some text`, n) VALUES (E'\\', NULL', NULL) | INSERT INTO t (`some text`, n) VALUES (E'\\', NULL', CAST(NULL AS INT))"
      })
  void aBareNullGetsTheTypeOfItsColumn(String statement, String typed) {
    assertThat(nulls.in(statement)).isEqualTo(typed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t (n) VALUES (CAST(NULL AS INT))",
        "INSERT INTO t (n) VALUES (CASE WHEN 1 = 2 THEN NULL ELSE NULL END)",
        "INSERT INTO t (n) VALUES (NULL + 1)",
        "INSERT INTO t (n) VALUES ((NULL))",
        "INSERT INTO t (n) SELECT NULL",
        "INSERT INTO t (SELECT n FROM t WHERE `some text` IS NULL)",
        "INSERT INTO t PARTITION (part = 1) VALUES (NULL)",
        "INSERT INTO t (missing) VALUES (NULL)",
        "INSERT INTO t (n) VALUES (1, NULL)",
        "INSERT INTO missing VALUES (NULL)",
        "INSERT INTO",
        "INSERT INTO t (n",
        "INSERT INTO t (n) VALUES",
        "SELECT * FROM (VALUES (NULL))",
        ""
      })
  void everythingElseStaysAsItIs(String statement) {
    assertThat(nulls.in(statement)).isEqualTo(statement);
  }

  @Test
  void eachRowStaysOnItsLine() {
    assertThat(nulls.in("\n\n  INSERT INTO t (n) VALUES\n  (1),\n  (NULL)"))
        .isEqualTo("\n\n  INSERT INTO t (n) VALUES\n  (1),\n  (CAST(NULL AS INT))");
  }

  @Test
  void aLongStringIsNoObstacle() {
    String text = "'" + "x''".repeat(100_000) + "'";

    assertThat(nulls.in("INSERT INTO t (`some text`, n) VALUES (" + text + ", NULL)"))
        .endsWith(", CAST(NULL AS INT))");
  }
}

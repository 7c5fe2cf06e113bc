package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;

class TableImportTest {

  private static final String KAFKA =
      "'connector' = 'kafka-partitioned', 'topic' = 't', 'format' = 'csv',"
          + " 'properties.bootstrap.servers' = 'localhost:1'";
  private static final String CLOUDBERRY = "'connector' = 'cloudberry', 'table-name' = 't'";

  private final TableEnvironment tables =
      TableEnvironment.create(EnvironmentSettings.inStreamingMode());

  @Test
  void tablesThatDeclareNoLineageAreGivenIt() {
    declare("source", "a INT, `order` STRING", KAFKA);
    declare("target", "a INT, `order` STRING", CLOUDBERRY);

    assertThat(statements("`source`", "`target`"))
        .containsExactly(
            "CREATE TEMPORARY TABLE `source with lineage` ("
                + "`kafka_topic` STRING METADATA FROM 'topic' VIRTUAL,"
                + " `kafka_partition` INT METADATA FROM 'partition' VIRTUAL,"
                + " `kafka_offset` BIGINT METADATA FROM 'offset' VIRTUAL,"
                + " `kafka_junk` BYTES METADATA FROM 'junk' VIRTUAL,"
                + " `kafka_junk_error` STRING METADATA FROM 'junk-error' VIRTUAL) LIKE `source`",
            "CREATE TEMPORARY TABLE `target with lineage` ("
                + "`kafka_topic` STRING METADATA FROM 'topic',"
                + " `kafka_partition` INT METADATA FROM 'partition',"
                + " `kafka_offset` BIGINT METADATA FROM 'offset',"
                + " `kafka_junk` BYTES METADATA FROM 'junk',"
                + " `kafka_junk_error` STRING METADATA FROM 'junk-error') LIKE `target`",
            "INSERT INTO `target with lineage` (`a`, `order`, `kafka_topic`, `kafka_partition`,"
                + " `kafka_offset`, `kafka_junk`, `kafka_junk_error`) SELECT `a`, `order`,"
                + " CAST(`kafka_topic` AS STRING), CAST(`kafka_partition` AS INT),"
                + " CAST(`kafka_offset` AS BIGINT), CAST(`kafka_junk` AS BYTES),"
                + " CAST(`kafka_junk_error` AS STRING) FROM `source with lineage`");
    statements("`source`", "`target`").stream()
        .filter(statement -> statement.startsWith("CREATE"))
        .forEach(tables::executeSql);
    assertThat(tables.from("`source with lineage`").getResolvedSchema().getColumnCount())
        .isEqualTo(7);
  }

  @Test
  void columnsThatAreNotNullLeaveNoRoomForJunk() {
    declare("source", "a INT NOT NULL, `order` STRING", KAFKA);
    declare("target", "a INT, `order` STRING", CLOUDBERRY);

    assertThat(statements("`source`", "`target`"))
        .hasSize(3)
        .endsWith(
            "INSERT INTO `target with lineage` (`a`, `order`, `kafka_topic`, `kafka_partition`,"
                + " `kafka_offset`) SELECT `a`, `order`, CAST(`kafka_topic` AS STRING),"
                + " CAST(`kafka_partition` AS INT), CAST(`kafka_offset` AS BIGINT)"
                + " FROM `source with lineage`")
        .noneMatch(statement -> statement.contains("junk"));
  }

  @Test
  void columnsThatAreDeclaredAreUsed() {
    String lineage =
        "t STRING METADATA FROM 'topic', part INT METADATA FROM 'partition', `offset` BIGINT"
            + " METADATA, junk BYTES METADATA, e STRING METADATA FROM 'junk-error'";
    declare("source", "a INT, " + lineage, KAFKA);
    declare("target", "a INT, " + lineage, CLOUDBERRY);

    assertThat(statements("`source`", "`target`"))
        .containsExactly(
            "INSERT INTO `target` (`a`, `order`, `t`, `part`, `offset`, `junk`, `e`) SELECT `a`,"
                + " `order`, CAST(`t` AS STRING), CAST(`part` AS INT), CAST(`offset` AS BIGINT),"
                + " CAST(`junk` AS BYTES), CAST(`e` AS STRING) FROM `source`");
  }

  @Test
  void aColumnThatIsAddedGetsANameOfItsOwn() {
    declare("source", "kafka_topic STRING, `_kafka_topic` STRING", KAFKA);
    declare("target", "a INT", CLOUDBERRY);

    assertThat(statements("`source`", "`target`").get(0))
        .contains("(`__kafka_topic` STRING METADATA FROM 'topic' VIRTUAL,");
  }

  @Test
  void aTargetsColumnThatCannotBeWrittenIsNotUsed() {
    declare("source", "a INT", KAFKA);
    declare("target", "a INT, p INT METADATA FROM 'partition' VIRTUAL", CLOUDBERRY);

    assertThat(statements("`source`", "`target`").get(1))
        .contains("`kafka_partition` INT METADATA FROM 'partition',");
  }

  @Test
  void everythingElseIsAPlainInsert() {
    declare("source", "a INT", KAFKA);
    declare("target", "a INT", CLOUDBERRY);
    declare("other", "a INT", "'connector' = 'datagen'");
    tables.executeSql("CREATE VIEW filtered AS SELECT * FROM source");

    for (String from : List.of("`other`", "`filtered`", "`missing`")) {
      assertThat(statements(from, "`target`"))
          .containsExactly("INSERT INTO `target` (`a`, `order`) SELECT `a`, `order` FROM " + from);
    }
    assertThat(statements("`source`", "`missing`"))
        .containsExactly("INSERT INTO `missing` (`a`, `order`) SELECT `a`, `order` FROM `source`");
  }

  private List<String> statements(String source, String target) {
    return new TableImport(source, target, "`a`, `order`")
        .script(tables).statements().stream().map(Statement::text).toList();
  }

  private void declare(String name, String columns, String options) {
    tables.executeSql("CREATE TABLE %s (%s) WITH (%s)".formatted(name, columns, options));
  }
}

package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KafkaPartitionedTableITCase {

  private static final String TABLE =
      """
      CREATE TABLE %1$s (
        part INT METADATA FROM 'partition' VIRTUAL,
        offs BIGINT METADATA FROM 'offset' VIRTUAL,
        n INT
      ) WITH ('connector' = 'kafka-partitioned', 'topic' = '%1$s', 'format' = 'json')
      """;

  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aBatchQueryReadsFromTheOldestToTheNewestMessageAndEnds() {
    topic("batch");
    TableEnvironment tables = environment(EnvironmentSettings.newInstance().inBatchMode());
    tables.executeSql(TABLE.formatted("batch"));

    assertThat(rows(tables, "SELECT part, offs, n FROM batch"))
        .containsExactlyInAnyOrder("+I[0, 0, 1]", "+I[0, 1, 2]", "+I[1, 0, 3]");
  }

  @Test
  void aStreamingQueryReadsFromTheOldestMessageAndGoesOn() throws Exception {
    topic("streaming");
    TableEnvironment tables = environment(EnvironmentSettings.newInstance().inStreamingMode());
    tables.executeSql(TABLE.formatted("streaming"));

    CloseableIterator<Row> rows = tables.executeSql("SELECT n FROM streaming").collect();
    try {
      List<Object> found = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        found.add(rows.next().getField(0));
      }
      broker.produce("streaming", Message.of("{\"n\":4}"));
      found.add(rows.next().getField(0));
      assertThat(found).containsExactlyInAnyOrder(1, 2, 3, 4).last().isEqualTo(4);
    } finally {
      rows.close();
    }
  }

  @Test
  void rowsAreProducedIntoTheTopic() throws Exception {
    broker.createTopic("target", 1);
    TableEnvironment tables = environment(EnvironmentSettings.newInstance().inBatchMode());
    tables.executeSql(TABLE.formatted("target"));
    tables.executeSql("INSERT INTO target VALUES (7)").await();

    assertThat(broker.read("target"))
        .singleElement()
        .satisfies(message -> assertThat(new String(message.value())).isEqualTo("{\"n\":7}"));
  }

  private static void topic(String name) {
    broker.createTopic(name, 2);
    broker.produce(
        name,
        List.of(
            Message.of("{\"n\":1}").to(0),
            Message.of("{\"n\":2}").to(0),
            Message.of("{\"n\":3}").to(1)));
  }

  private static TableEnvironment environment(EnvironmentSettings.Builder settings) {
    Configuration configuration =
        new Configuration().set(KafkaTableDefaults.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    return TableEnvironment.create(settings.withConfiguration(configuration).build());
  }

  private static List<String> rows(TableEnvironment tables, String query) {
    List<String> rows = new ArrayList<>();
    tables.executeSql(query).collect().forEachRemaining(row -> rows.add(row.toString()));
    return rows;
  }
}

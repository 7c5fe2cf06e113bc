package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The files of {@code sql/queries} on the table of {@code sql/tables}, as they are shipped. */
@Timeout(120)
class ShippedQueriesITCase {

  private static final Path SQL = Path.of("../../sql");

  private static KafkaBroker broker;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    broker.createTopic("contrib_regress_csv", 4);
    List<Message> messages = new ArrayList<>();
    for (int partition = 0; partition < 4; partition++) {
      for (int offset = 0; offset < 1100; offset++) {
        messages.add(
            Message.of("%d,text,2024-01-31,2024-01-31 12:34:56.123456".formatted(offset))
                .to(partition));
      }
    }
    broker.produce("contrib_regress_csv", messages);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aPartitionIsReadFromAnOffsetUpToALimit() throws IOException {
    assertThat(rows("queries/from_offset.sql"))
        .hasSize(60)
        .contains(
            "0,1001,1001,text,2024-01-31,2024-01-31T12:34:56.123456,null,null,contrib_regress_csv");
  }

  @Test
  void partitionsAreReadFromOffsetsOfTheirOwn() throws IOException {
    List<String> rows = rows("queries/from_offset_per_partition.sql");

    assertThat(rows.stream().filter(row -> row.startsWith("0,"))).hasSize(1100 - 101);
    assertThat(rows.stream().filter(row -> row.startsWith("1,"))).hasSize(1100 - 301);
    assertThat(rows.stream().filter(row -> row.startsWith("2,"))).isEmpty();
    assertThat(rows.stream().filter(row -> row.startsWith("3,"))).hasSize(1100 - 701);
  }

  private static List<String> rows(String query) throws IOException {
    KafkaTables tables = KafkaTables.of(broker, RuntimeExecutionMode.BATCH);
    tables.environment().executeSql(statement("tables/kafka_test_csv.sql"));
    return tables.rows(statement(query));
  }

  private static String statement(String file) throws IOException {
    return Files.readString(SQL.resolve(file)).strip().replaceAll(";$", "");
  }
}

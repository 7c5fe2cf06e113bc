package dev.kafkacloudberry.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerificationITCase {
  private static KafkaBroker broker;
  private static PostgresServer postgres;

  private Database database;

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    postgres = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    postgres.close();
    broker.close();
  }

  @BeforeEach
  void createTopicsAndTable() throws Exception {
    for (MessageFormat format : MessageFormat.values()) {
      broker.createTopic(format.topic(), 2);
    }
    database = new Database(postgres);
    database.execute(Path.of("../../sql/database/target.sql"));
  }

  @AfterEach
  void dropTopicsAndTable() throws Exception {
    for (MessageFormat format : MessageFormat.values()) {
      broker.deleteTopic(format.topic());
    }
    database.execute("DROP TABLE dest_table_fdw");
    database.close();
  }

  @Test
  void equalContentsAreVerified() throws Exception {
    produceCsv("1,a,2024-01-31,2024-01-31 12:34:56.123456", "2,\"\",,", ",,,", "3,\"x\ny, z\",,");
    insert(
        "(NULL, NULL, NULL, NULL), (2, '', NULL, NULL), (3, E'x\\ny, z', NULL, NULL),"
            + " (1, 'a', '2024-01-31', '2024-01-31 12:34:56.123456')");

    assertThat(compare()).isEqualTo(new Comparison(4, 4, 0, 0, 0));
    assertThat(compare().isExact()).isTrue();
  }

  @Test
  void messagesThatWereSentTwiceAreTwoRows() throws Exception {
    produceCsv("1,a,,", "1,a,,");
    insert("(1, 'a', NULL, NULL), (1, 'a', NULL, NULL)");

    assertThat(compare()).isEqualTo(new Comparison(2, 2, 0, 0, 0));
  }

  @Test
  void aMissingRowIsFound() throws Exception {
    produceCsv("1,a,,", "1,a,,", "2,b,,");
    insert("(1, 'a', NULL, NULL), (2, 'b', NULL, NULL)");

    assertThat(compare()).isEqualTo(new Comparison(3, 2, 1, 0, 0));
    assertThat(compare().isExact()).isFalse();
  }

  @Test
  void aDuplicatedRowIsFound() throws Exception {
    produceCsv("1,a,,", ",,,");
    insert("(1, 'a', NULL, NULL), (1, 'a', NULL, NULL), (NULL, NULL, NULL, NULL)");

    assertThat(compare()).isEqualTo(new Comparison(2, 3, 0, 1, 0));
  }

  @Test
  void aForeignRowIsFound() throws Exception {
    produceCsv("1,a,,");
    insert("(1, 'a', NULL, NULL), (9, 'z', NULL, NULL)");

    assertThat(compare()).isEqualTo(new Comparison(1, 2, 0, 0, 1));
  }

  @Test
  void aChangeInAnyColumnIsFound() throws Exception {
    for (String changed :
        Stream.of(
                "(2, 'a', '2024-01-31', '2024-01-31 12:34:56.123456')",
                "(1, 'a ', '2024-01-31', '2024-01-31 12:34:56.123456')",
                "(1, 'a', '2024-02-01', '2024-01-31 12:34:56.123456')",
                "(1, 'a', '2024-01-31', '2024-01-31 12:34:56.123457')",
                "(1, 'a', '2024-01-31', NULL)")
            .toList()) {
      dropTopicsAndTable();
      createTopicsAndTable();
      produceCsv("1,a,2024-01-31,2024-01-31 12:34:56.123456");
      insert(changed);

      assertThat(compare()).as(changed).isEqualTo(new Comparison(1, 1, 1, 0, 1));
    }
  }

  @Test
  void aLossIsNotMadeUpForByADuplicate() throws Exception {
    produceCsv("1,a,,", "2,b,,");
    insert("(1, 'a', NULL, NULL), (1, 'a', NULL, NULL)");

    assertThat(compare()).isEqualTo(new Comparison(2, 2, 1, 1, 0));
  }

  @Test
  void jsonKeepsAnEmptyTextApartFromNull() throws Exception {
    broker.produce(
        MessageFormat.JSON.topic(),
        Stream.of(
                "{\"some_int\":1,\"some_text\":\"\"}",
                "{\"some_text\":null, \"some_time\":\"2024-01-31 12:34:56.123456\"}",
                "{\"some_text\":\"a \\\"b\\\",\\n上\\\\海\"}")
            .map(Message::of)
            .toList());
    insert(
        "(1, '', NULL, NULL), (NULL, NULL, NULL, '2024-01-31 12:34:56.123456'),"
            + " (NULL, E'a \"b\",\\n上\\\\海', NULL, NULL)");
    assertThat(compare(MessageFormat.JSON)).isEqualTo(new Comparison(3, 3, 0, 0, 0));

    database.execute("UPDATE dest_table_fdw SET some_text = NULL WHERE some_int = 1");
    assertThat(compare(MessageFormat.JSON)).isEqualTo(new Comparison(3, 3, 1, 0, 1));
  }

  @Test
  void aMessageThatIsNoRowFails() {
    produceCsv("one,a,,");

    assertThatThrownBy(this::compare).rootCause().hasMessageContaining("\"one\"");
  }

  private static void produceCsv(String... messages) {
    broker.produce(MessageFormat.CSV.topic(), Stream.of(messages).map(Message::of).toList());
  }

  private void insert(String rows) throws SQLException {
    database.execute("INSERT INTO dest_table_fdw VALUES " + rows);
  }

  private Comparison compare() throws Exception {
    return compare(MessageFormat.CSV);
  }

  /** Over a connection of its own, since a verification leaves temporary tables behind. */
  private static Comparison compare(MessageFormat format) throws Exception {
    try (Database connection = new Database(postgres)) {
      return new Verification(broker, connection).compare(format);
    }
  }
}

package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Compares the messages in a topic with the rows in the target: all columns, as multisets.
 *
 * <p>The messages are read anew and parsed by PostgreSQL itself, so that neither Flink nor the
 * importer is asked about its own work. The database counts and compares, on disk where it has to:
 * no row stays in this JVM's memory.
 */
final class Verification {
  private static final int BUFFER_BYTES = 1 << 16;

  private final KafkaBroker broker;
  private final Database database;

  Verification(KafkaBroker broker, Database database) {
    this.broker = broker;
    this.database = database;
  }

  /** Compares everything that the topic of a format holds with everything in the table. */
  Comparison compare(MessageFormat format) throws SQLException, IOException {
    database.execute("SET work_mem = '64MB'");
    database.execute("CREATE TEMP TABLE produced (LIKE dest_table_fdw)");
    long messages =
        switch (format) {
          case CSV -> copyMessages(format.topic(), "COPY produced FROM STDIN (FORMAT csv)");
          case JSON -> copyJson(format.topic());
        };
    database.execute(
        """
        CREATE TEMP TABLE differences AS
        SELECT some_int, some_text, some_date, some_time,
               count(*) FILTER (WHERE in_kafka) AS produced,
               count(*) FILTER (WHERE NOT in_kafka) AS imported
          FROM (SELECT true AS in_kafka, * FROM produced
                UNION ALL
                SELECT false, * FROM dest_table_fdw) AS both_sides
         GROUP BY some_int, some_text, some_date, some_time
        HAVING count(*) FILTER (WHERE in_kafka) <> count(*) FILTER (WHERE NOT in_kafka)
        """);
    return new Comparison(
        messages,
        database.number("SELECT count(*) FROM dest_table_fdw"),
        database.number(
            "SELECT sum(produced - imported) FROM differences WHERE produced > imported"),
        database.number(
            "SELECT sum(imported - produced) FROM differences WHERE imported > produced AND produced > 0"),
        database.number("SELECT sum(imported) FROM differences WHERE produced = 0"));
  }

  /** Some of the rows that are not equally often on both sides. */
  String differences() throws SQLException {
    return database.table(
        "SELECT produced, imported, some_int, some_date, some_time, some_text FROM differences LIMIT 10");
  }

  private long copyJson(String topic) throws SQLException, IOException {
    database.execute("CREATE TEMP TABLE messages (message json)");
    // With characters for delimiter and quote that JSON never contains, a message is one field.
    long messages =
        copyMessages(
            topic, "COPY messages FROM STDIN (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01')");
    database.execute(
        """
        INSERT INTO produced
        SELECT row.* FROM messages, json_populate_record(NULL::dest_table_fdw, message) AS row
        """);
    return messages;
  }

  /** Each message is a line, or several where a quoted value has line breaks. */
  private long copyMessages(String topic, String copy) throws SQLException, IOException {
    AtomicLong messages = new AtomicLong();
    try (OutputStream lines =
        new PGCopyOutputStream(
            database.connection().unwrap(PGConnection.class), copy, BUFFER_BYTES)) {
      broker.forEach(
          topic,
          message -> {
            write(message, lines);
            messages.incrementAndGet();
          });
    }
    return messages.get();
  }

  private static void write(ConsumerRecord<byte[], byte[]> message, OutputStream lines) {
    try {
      lines.write(message.value());
      lines.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

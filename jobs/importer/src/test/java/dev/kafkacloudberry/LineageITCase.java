package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Imports whose rows say where they come from: what the ledger has of it in the end. */
@Timeout(120)
class LineageITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final Path PAGE = Path.of("../../docs/sink.md");
  private static final Pattern QUERY =
      Pattern.compile("## Accounting.*?```sql\\n(.*?);\\n```", Pattern.DOTALL);

  private static final String METADATA =
      "topic STRING METADATA, part INT METADATA FROM 'partition', offs BIGINT METADATA FROM 'offset',"
          + " junk BYTES METADATA, junk_error STRING METADATA FROM 'junk-error'";

  private static int imports;

  private final String name = "lineage_" + ++imports;

  /** The columns of the messages. */
  private String source = "n INT";

  /** A line of what the page's query shows. */
  private record Line(int partition, long from, long to, long rows, long rejected, long rest) {}

  @Test
  void whatTheLedgerCountsAddsUpToWhatTheBrokerHolds() throws Exception {
    FIXTURE.kafka().createTopic(name, 2);
    FIXTURE.execute("CREATE TABLE %s (n int)".formatted(name));
    produceTransactions();
    for (String which : List.of("offs < 15", "offs >= 15")) {
      load(
          "(n, topic, part, offs, junk, junk_error)",
          "n, topic, part, offs, junk, junk_error FROM source WHERE (junk_error IS NOT NULL OR MOD(n, 3) > 0) AND "
              + which);
    }

    List<ConsumerRecord<byte[], byte[]>> messages = FIXTURE.kafka().read(name);
    List<Line> lines = accounting();
    assertThat(lines).hasSize(4);
    for (Line line : lines) {
      List<String> values =
          messages.stream()
              .filter(m -> m.partition() == line.partition())
              .filter(m -> m.offset() >= line.from() && m.offset() < line.to())
              .map(m -> new String(m.value(), UTF_8))
              .toList();
      long loaded = values.stream().filter(LineageITCase::isLoaded).count();
      long junk = values.stream().filter(LineageITCase::isJunk).count();
      long filteredOut = values.size() - loaded - junk;
      long withoutMessage = line.to() - line.from() - values.size();
      assertThat(line)
          .isEqualTo(
              new Line(
                  line.partition(),
                  line.from(),
                  line.to(),
                  loaded,
                  junk,
                  filteredOut + withoutMessage));
      assertThat(List.of(loaded, junk, filteredOut, withoutMessage)).doesNotContain(0L);
    }
    List<String> all = messages.stream().map(m -> new String(m.value(), UTF_8)).toList();
    assertThat(FIXTURE.query("SELECT n FROM " + name))
        .containsExactlyInAnyOrderElementsOf(all.stream().filter(LineageITCase::isLoaded).toList());
    assertThat(
            FIXTURE.query("SELECT convert_from(message, 'UTF8') FROM %s.rejects".formatted(name)))
        .containsExactlyInAnyOrderElementsOf(all.stream().filter(LineageITCase::isJunk).toList());
    assertThat(
            FIXTURE.query(
                "SELECT (topic, \"partition\", next_offset, rows, rejects)::text FROM %s.progress ORDER BY \"partition\""
                    .formatted(name)))
        .containsExactly(progress(messages, 0), progress(messages, 1));
  }

  private String progress(List<ConsumerRecord<byte[], byte[]>> messages, int partition) {
    List<ConsumerRecord<byte[], byte[]>> counted =
        messages.stream()
            .filter(m -> m.partition() == partition)
            .filter(m -> isLoaded(text(m)) || isJunk(text(m)))
            .toList();
    return "(%s,%d,%d,%d,%d)"
        .formatted(
            name,
            partition,
            counted.get(counted.size() - 1).offset() + 1,
            counted.stream().filter(m -> isLoaded(text(m))).count(),
            counted.stream().filter(m -> isJunk(text(m))).count());
  }

  private static String text(ConsumerRecord<byte[], byte[]> message) {
    return new String(message.value(), UTF_8);
  }

  private static boolean isJunk(String value) {
    return value.startsWith("junk");
  }

  private static boolean isLoaded(String value) {
    return !isJunk(value) && Integer.parseInt(value) % 3 > 0;
  }

  /** Each leaves a marker behind, and some leave messages that nobody may see. */
  private void produceTransactions() {
    try (Producer<byte[], byte[]> producer =
        FIXTURE.kafka().producer(Map.of("transactional.id", name))) {
      producer.initTransactions();
      int n = 0;
      for (int transaction = 0; transaction < 8; transaction++) {
        producer.beginTransaction();
        for (int i = 0; i < 6; i++) {
          String value = n % 5 == 4 ? "junk " + n : String.valueOf(n);
          producer.send(new ProducerRecord<>(name, n % 2, null, value.getBytes(UTF_8)));
          n++;
        }
        if (transaction % 3 == 1) {
          producer.flush();
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }
  }

  private List<Line> accounting() throws IOException, SQLException {
    Matcher page = QUERY.matcher(Files.readString(PAGE));
    assertThat(page.find()).isTrue();
    String query =
        page.group(1).replace("kafka_import", name).replace("public.orders", "public." + name);
    List<Line> lines = new ArrayList<>();
    try (Connection connection = FIXTURE.postgres().connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        lines.add(
            new Line(
                row.getInt("partition"),
                row.getLong("from_offset"),
                row.getLong("to_offset"),
                row.getLong("rows"),
                row.getLong("rejected"),
                row.getLong("rest")));
      }
    }
    return lines;
  }

  /** Metadata may stand anywhere among the columns, and columns may be computed. */
  @Test
  void columnsAreFoundWhereverTheyAreDeclaredAndNamed() {
    FIXTURE.kafka().createTopic(name, 1);
    FIXTURE.kafka().produce(name, List.of(Message.of("7,seven")));
    FIXTURE.execute("CREATE TABLE %s (n int, t text DEFAULT 'none', u text)".formatted(name));
    source = "n INT, t STRING";
    String declared =
        "offs BIGINT METADATA FROM 'offset', n INT, part INT METADATA FROM 'partition', twice AS n + n,"
            + " topic STRING METADATA, t STRING, junk_error STRING METADATA FROM 'junk-error', u STRING";
    load(declared, "", "offs, n, part, topic, t, CAST(NULL AS STRING), 'all' FROM source");
    // The same message again, on purpose.
    load(
        declared,
        "/*+ OPTIONS('sink.id' = 'again') */ (u, topic, n, part, offs)",
        "'place', topic, n, part, offs FROM source");
    load(declared, "(u, t)", "'no place', t FROM source");
    load(declared, "(junk_error, u)", "CASE WHEN n = 7 THEN 'why' END, 'reject' FROM source");

    assertThat(FIXTURE.query("SELECT (n, t, u)::text FROM %s".formatted(name)))
        .containsExactlyInAnyOrder("(7,seven,all)", "(7,none,place)", "(,seven,\"no place\")");
    assertThat(
            FIXTURE.query(
                "SELECT (c.rows, c.rejected, topic, \"partition\", from_offset, to_offset)::text FROM %1$s.commits c LEFT JOIN %1$s.offsets USING (commit_id) ORDER BY committed_at"
                    .formatted(name)))
        .containsExactly(
            "(1,0,%s,0,0,1)".formatted(name),
            "(1,0,%s,0,0,1)".formatted(name),
            "(1,0,,,,)",
            "(0,1,,,,)");
    assertThat(
            FIXTURE.query(
                "SELECT (topic, \"partition\", \"offset\", message, error)::text FROM %s.rejects"
                    .formatted(name)))
        .containsExactly("(,,,,why)");
  }

  @Test
  void rejectsAreCounted() {
    FIXTURE.kafka().createTopic(name, 1);
    FIXTURE.kafka().produce(name, List.of(Message.of("1"), Message.of("junk"), Message.of("2")));
    FIXTURE.execute("CREATE TABLE %s (n int)".formatted(name));
    JobID job =
        run(
            "n INT, " + METADATA,
            "",
            "n, topic, part, offs, junk, junk_error FROM source",
            Map.of());

    awaitMetric(job, "Committer", "committedRejects", 1);
    awaitMetric(job, "Committer", "committedRows", 2);
    awaitMetric(job, "Writer", "rejectedRows", 1);
    awaitMetric(job, "Writer", "numRecordsSend", 2);
  }

  private static void awaitMetric(JobID job, String operator, String metric, double value) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        FIXTURE.rest().metric(job, operator, metric).stream()
                            .mapToDouble(n -> n)
                            .sum())
                    .as(metric)
                    .isEqualTo(value));
  }

  private void load(String columns, String select) {
    load("n INT, " + METADATA, columns, select);
  }

  /** In batch mode, so that each is one commit. */
  private void load(String declared, String columns, String select) {
    JobID job =
        run(
            declared,
            columns,
            select,
            Map.of("execution.runtime-mode", "batch", "restart-strategy.type", "none"));
    assertThat(FIXTURE.flink().awaitEnd(job, SOON).getSerializedThrowable()).isEmpty();
  }

  private JobID run(String declared, String columns, String select, Map<String, String> overrides) {
    String sql =
        """
        CREATE TABLE source (
          %5$s, topic STRING METADATA VIRTUAL,
          part INT METADATA FROM 'partition' VIRTUAL, offs BIGINT METADATA FROM 'offset' VIRTUAL,
          junk BYTES METADATA VIRTUAL, junk_error STRING METADATA FROM 'junk-error' VIRTUAL
        ) WITH (
          'connector' = 'kafka-partitioned', 'topic' = '%1$s', 'format' = 'csv',
          'properties.isolation.level' = 'read_committed');
        CREATE TABLE target (%2$s) WITH (
          'connector' = 'cloudberry', 'table-name' = '%1$s', 'ledger.schema' = '%1$s');
        INSERT INTO target %3$s SELECT %4$s;
        """
            .formatted(name, declared, columns, select, source);
    ImportFixture.Outcome outcome = FIXTURE.run(sql, overrides);
    assertThat(outcome.err()).isEmpty();
    return outcome.jobs().get(0);
  }
}

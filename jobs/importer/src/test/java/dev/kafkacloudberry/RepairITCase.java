package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Rejected messages, loaded from Kafka after all. */
@Timeout(120)
class RepairITCase {

  private static final Map<String, String> BATCH = Map.of("execution.runtime-mode", "batch");

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private ImportUnderTest imported;

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
    imported.produce(20);
    FIXTURE.kafka().produce(imported.name(), malformed(100, 105));
    imported.produce(20);
    run(
        tables()
            + "INSERT INTO target SELECT n, t, topic, part, offs, junk, junk_error FROM source;");
    assertThat(imported.rows()).hasSize(40);
    assertThat(openRejects()).hasSize(5);
  }

  @Test
  void eachRejectIsLoadedOnceAndMarked() {
    for (int time = 0; time < 2; time++) {
      repair("CAST(NULL AS STRING)");

      assertThat(imported.rows()).hasSize(45).doesNotHaveDuplicates();
      assertThat(openRejects()).isEmpty();
      assertThat(
              FIXTURE.query(
                  "SELECT count(DISTINCT commit_id) || ' ' || count(*) FROM %s.repairs"
                      .formatted(imported.name())))
          .containsExactly("1 5");
    }
    // The offsets are those of the import; a repair has none.
    assertThat(
            FIXTURE.query(
                "SELECT count(DISTINCT commit_id) FROM %s.offsets".formatted(imported.name())))
        .containsExactly("1");
  }

  @Test
  void whatIsRefusedAgainIsANewReject() {
    repair("CASE WHEN line LIKE '102;%' THEN 'not today' END");

    assertThat(imported.rows()).hasSize(44);
    assertThat(openRejects()).containsExactly("not today");

    repair("CAST(NULL AS STRING)");

    assertThat(imported.rows()).hasSize(45).doesNotHaveDuplicates();
    assertThat(openRejects()).isEmpty();
  }

  @Test
  void aStreamingRepairEndsAsOne() {
    run(
        tables()
            + repairing("CAST(NULL AS STRING)")
                .replace(
                    "FROM lines",
                    "FROM lines /*+ OPTIONS('scan.bounded.mode' = 'latest-offset') */"),
        Map.of());

    assertThat(imported.rows()).hasSize(45).doesNotHaveDuplicates();
    assertThat(openRejects()).isEmpty();
  }

  @Test
  void aRepairWithoutPlacesIsRefused() {
    ImportFixture.Outcome outcome =
        FIXTURE.run(
            tables()
                + "INSERT INTO target /*+ OPTIONS('sink.mode' = 'repair') */ (n, t) SELECT 1, 'x';",
            BATCH);

    assertThat(outcome.exitCode()).isNotZero();
    assertThat(outcome.err()).contains("'sink.mode' = 'repair'", "'offset'");
  }

  private void repair(String junkError) {
    run(tables() + repairing(junkError));
  }

  /** Reads all of the topic. */
  private static String repairing(String junkError) {
    return """
    INSERT INTO target /*+ OPTIONS('sink.mode' = 'repair') */
    SELECT TRY_CAST(SPLIT_INDEX(line, ';', 0) AS INT), SPLIT_INDEX(line, ';', 1), topic, part, offs,
           CAST(line AS BYTES), %s
      FROM lines;
    """
        .formatted(junkError);
  }

  private void run(String sql) {
    run(sql, BATCH);
  }

  private void run(String sql, Map<String, String> mode) {
    JobID job = imported.start(sql, mode);
    assertThat(FIXTURE.flink().awaitEnd(job, SOON).isSuccess()).isTrue();
  }

  private String tables() {
    return imported
            .guarded()
            .replace(
                "offs BIGINT METADATA FROM 'offset' VIRTUAL)",
                "offs BIGINT METADATA FROM 'offset' VIRTUAL, junk BYTES METADATA VIRTUAL,"
                    + " junk_error STRING METADATA FROM 'junk-error' VIRTUAL)")
            .replace(
                "offs BIGINT METADATA FROM 'offset')",
                "offs BIGINT METADATA FROM 'offset', junk BYTES METADATA,"
                    + " junk_error STRING METADATA FROM 'junk-error')")
        + """
        CREATE TABLE lines (line STRING, topic STRING METADATA VIRTUAL,
          part INT METADATA FROM 'partition' VIRTUAL, offs BIGINT METADATA FROM 'offset' VIRTUAL)
          WITH ('connector' = 'kafka-partitioned', 'topic' = '%s', 'format' = 'raw');
        """
            .formatted(imported.name());
  }

  private List<String> openRejects() {
    return FIXTURE.query("SELECT error FROM %s.open_rejects".formatted(imported.name()));
  }

  private static List<Message> malformed(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> Message.of(n + ";repaired").to(n % 4)).toList();
  }
}

package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Fault;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that cannot be decoded and rows that the table refuses, on a cluster whose parts die.
 */
@Timeout(120)
class RejectingImportITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final Map<String, String> BATCH = Map.of("execution.runtime-mode", "batch");
  private static final int PARTITIONS = 4;
  private static final int MESSAGES = 2_000;

  @ParameterizedTest(name = "{0}")
  @MethodSource("moments")
  void aTaskManagerDiesInACommitThatIsolatesRows(String name, Moment moment, int rate) {
    ImportUnderTest imported = FIXTURE.newImport();
    imported.createLedger();
    FIXTURE.execute("ALTER TABLE %s ADD CHECK (n >= 0)".formatted(imported.name()));
    List<Message> messages = new ArrayList<>();
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    for (int n = 1; n <= MESSAGES; n++) {
      int partition = n % PARTITIONS;
      String place = partition + " " + (n - 1) / PARTITIONS;
      if (n % rate == 1) {
        messages.add(Message.of("junk " + n).to(partition));
        bad.add(place + " junk " + n);
      } else if (n % rate == 0) {
        messages.add(Message.of(-n + ",refused").to(partition));
        bad.add(place + " {\"n\": " + -n + ", \"t\": \"refused\"}");
      } else {
        messages.add(Message.of(n + ",taken").to(partition));
        good.add(n + ",taken");
      }
    }
    FIXTURE.kafka().produce(imported.name(), messages);
    Fault fault =
        FIXTURE.proxy().inject(moment, Action.run(FIXTURE::replaceTaskManagers).thenCut());

    JobID job = imported.start(rejecting(imported), Map.of());

    fault.awaitFired(SOON);
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(imported.rows()).containsExactlyInAnyOrderElementsOf(good));
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(rejects(imported)).containsExactlyInAnyOrderElementsOf(bad));
    FIXTURE.flink().awaitRunning(job);
    FIXTURE.flink().stopWithSavepoint(job, FIXTURE.flink().directory());
    assertThat(imported.rows()).containsExactlyInAnyOrderElementsOf(good);
    assertThat(rejects(imported)).containsExactlyInAnyOrderElementsOf(bad);
    assertThat(accounts(imported)).containsExactlyElementsOf(partitions(good.size(), bad.size()));
  }

  static Stream<Arguments> moments() {
    return Stream.of(
        Arguments.of("behind the refusal", Moment.before("SAVEPOINT before_rows"), 50),
        Arguments.of("in the search", Moment.before("ROLLBACK TO SAVEPOINT"), 50),
        Arguments.of("between two rows of the search", Moment.before("RELEASE SAVEPOINT"), 3),
        Arguments.of("before the COMMIT", Moment.beforeCommit(), 50),
        Arguments.of("in doubt", Moment.afterCommit(), 3));
  }

  @Test
  void twoTargetsOfOneJobHaveTheirOwnRejects() {
    ImportUnderTest imported = FIXTURE.newImport();
    String other = imported.name() + "_other";
    FIXTURE.execute(
        "CREATE TABLE %s (n int CHECK (n < 5), t text); ALTER TABLE %s ADD CHECK (n > 0)"
            .formatted(other, imported.name()));
    produce(imported, "junk", "0,zero", "1,one", "9,nine");

    run(
        """
        %s
        CREATE TABLE other WITH ('table-name' = '%s') LIKE target (OVERWRITING OPTIONS);
        EXECUTE STATEMENT SET BEGIN
          INSERT INTO target SELECT * FROM source;
          INSERT INTO other SELECT * FROM source;
        END;
        """
            .formatted(tables(imported), other),
        BATCH);

    assertThat(imported.rows()).containsExactly("1,one", "9,nine");
    assertThat(FIXTURE.query("SELECT n FROM " + other + " ORDER BY n")).containsExactly("0", "1");
    assertThat(
            FIXTURE.query(
                "SELECT sink_id || ' ' || \"offset\" FROM %s.rejects ORDER BY sink_id, \"offset\""
                    .formatted(imported.name())))
        .containsExactly(
            "public." + imported.name() + " 0",
            "public." + imported.name() + " 1",
            "public." + other + " 0",
            "public." + other + " 3");
  }

  @Test
  void whatARepairDoesNotHealIsANewRejectAlsoBesideARunningImport() {
    ImportUnderTest imported = FIXTURE.newImport();
    FIXTURE.execute("ALTER TABLE %s ADD CONSTRAINT c CHECK (n > 0)".formatted(imported.name()));
    produce(imported, "0,zero", "1,one");
    JobID job = imported.start(rejecting(imported), Map.of());
    await().atMost(SOON).until(() -> imported.rows().size() == 1);
    String repair =
        rejecting(imported)
            .replace("INTO target", "INTO target /*+ OPTIONS('sink.mode' = 'repair') */");
    String open = "SELECT \"offset\" FROM %s.open_rejects".formatted(imported.name());

    run(repair, BATCH);
    assertThat(imported.rows()).containsExactly("1,one");
    assertThat(FIXTURE.query(open)).containsExactly("0");

    FIXTURE.execute("ALTER TABLE %s DROP CONSTRAINT c".formatted(imported.name()));
    for (int time = 0; time < 2; time++) {
      run(repair, BATCH);
      assertThat(imported.rows()).containsExactly("0,zero", "1,one");
      assertThat(FIXTURE.query(open)).isEmpty();
    }
    produce(imported, "2,two");
    await().atMost(SOON).until(() -> imported.rows().size() == 3);
    FIXTURE.flink().stopWithSavepoint(job, FIXTURE.flink().directory());
    assertThat(imported.rows()).containsExactly("0,zero", "1,one", "2,two");
  }

  private static void produce(ImportUnderTest imported, String... messages) {
    FIXTURE
        .kafka()
        .produce(imported.name(), Stream.of(messages).map(text -> Message.of(text).to(0)).toList());
  }

  private static void run(String sql, Map<String, String> mode) {
    ImportFixture.Outcome outcome = FIXTURE.run(sql, mode);
    assertThat(outcome.err()).isEmpty();
    assertThat(FIXTURE.flink().awaitEnd(outcome.jobs().get(0), SOON).isSuccess()).isTrue();
  }

  private static String rejecting(ImportUnderTest imported) {
    return tables(imported)
        + "INSERT INTO target SELECT n, t, topic, part, offs, junk, junk_error FROM source;";
  }

  private static String tables(ImportUnderTest imported) {
    return imported
        .guarded("'sink.on-error' = 'reject'")
        .replace(
            "FROM 'offset' VIRTUAL)",
            "FROM 'offset' VIRTUAL, junk BYTES METADATA VIRTUAL,"
                + " junk_error STRING METADATA FROM 'junk-error' VIRTUAL)")
        .replace(
            "FROM 'offset')",
            "FROM 'offset', junk BYTES METADATA, junk_error STRING METADATA FROM 'junk-error')");
  }

  private static List<String> rejects(ImportUnderTest imported) {
    return FIXTURE.query(
        """
        SELECT "partition" || ' ' || "offset" || ' '
               || coalesce(content, convert_from(message, 'UTF8'))
          FROM %s.rejects
        """
            .formatted(imported.name()));
  }

  /** What the ledger says of each partition: from, to, and that it adds up; and of all of them. */
  private static List<String> accounts(ImportUnderTest imported) {
    return FIXTURE.query(
        """
        SELECT "partition" || ' ' || min(from_offset) || ' ' || max(to_offset) || ' '
               || sum(to_offset - from_offset - rows - rejected)
          FROM %1$s.offsets GROUP BY "partition" UNION ALL
        SELECT sum(rows) || ' rows ' || sum(rejected) || ' rejected' FROM %1$s.commits
         ORDER BY 1
        """
            .formatted(imported.name()));
  }

  private static List<String> partitions(int rows, int rejected) {
    return Stream.concat(
            IntStream.range(0, PARTITIONS).mapToObj(p -> p + " 0 " + MESSAGES / PARTITIONS + " 0"),
            Stream.of(rows + " rows " + rejected + " rejected"))
        .sorted()
        .toList();
  }
}

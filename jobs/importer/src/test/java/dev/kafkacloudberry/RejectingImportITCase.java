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

  private static String rejecting(ImportUnderTest imported) {
    return imported
            .guarded("'sink.on-error' = 'reject'")
            .replace(
                "FROM 'offset' VIRTUAL)",
                "FROM 'offset' VIRTUAL, junk BYTES METADATA VIRTUAL,"
                    + " junk_error STRING METADATA FROM 'junk-error' VIRTUAL)")
            .replace(
                "FROM 'offset')",
                "FROM 'offset', junk BYTES METADATA,"
                    + " junk_error STRING METADATA FROM 'junk-error')")
        + "INSERT INTO target SELECT n, t, topic, part, offs, junk, junk_error FROM source;";
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

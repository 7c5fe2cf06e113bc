package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several imports in one job. */
@Timeout(120)
class StatementSetITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private ImportUnderTest imported;

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
  }

  @Test
  void twoTargetsHaveTheirOwnCommits() {
    String other = imported.name() + "_other";
    FIXTURE.execute("CREATE TABLE %s (n int, t text)".formatted(other));
    imported.produce(100);
    JobID job =
        imported.start(
            imported.declarations()
                + """
                CREATE TABLE other WITH ('table-name' = '%s') LIKE target (OVERWRITING OPTIONS);
                EXECUTE STATEMENT SET BEGIN
                INSERT INTO target SELECT n, t FROM source WHERE n >= 10;
                INSERT INTO other SELECT n, t FROM source WHERE n < 10;
                END;
                """
                    .formatted(other),
            Map.of());

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(numbers(imported.name())).isEqualTo(numbers(10, 100)));
    await().atMost(SOON).untilAsserted(() -> assertThat(numbers(other)).isEqualTo(numbers(0, 10)));
    FIXTURE.flink().awaitRunning(job);
    FIXTURE.flink().stopWithSavepoint(job, FIXTURE.flink().directory());
    assertThat(rowsInLedger())
        .containsExactly(
            "public.%s 90".formatted(imported.name()), "public.%s 10".formatted(other));
    assertThat(numbers(imported.name())).isEqualTo(numbers(10, 100));
    assertThat(numbers(other)).isEqualTo(numbers(0, 10));
    assertThat(imported.stagedFiles()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"streaming", "batch"})
  void twoInsertsIntoOneTargetLoseAndDoubleNothing(String mode) {
    imported.produce(100);
    JobID job =
        imported.start(
            imported.declarations()
                + """
                EXECUTE STATEMENT SET BEGIN
                INSERT INTO target SELECT n, t FROM source WHERE n < 10;
                INSERT INTO target SELECT n, t FROM source WHERE n >= 10;
                END;
                """,
            Map.of("execution.runtime-mode", mode));

    if (mode.equals("batch")) {
      assertThat(FIXTURE.flink().awaitEnd(job, SOON).isSuccess()).isTrue();
      imported.assertExactlyOnce();
    } else {
      imported.awaitExactlyOnce();
      imported.stopAndAssertExactlyOnce(job);
    }
    assertThat(imported.stagedFiles()).isEmpty();
  }

  private List<String> rowsInLedger() {
    return FIXTURE.query(
        "SELECT sink_id || ' ' || sum(rows) FROM %s.commits GROUP BY sink_id ORDER BY sum(rows) DESC"
            .formatted(imported.name()));
  }

  private static List<String> numbers(String table) {
    return FIXTURE.query("SELECT n FROM %s ORDER BY n".formatted(table));
  }

  private static List<String> numbers(int from, int to) {
    return Stream.iterate(from, n -> n + 1).limit(to - from).map(String::valueOf).toList();
  }
}

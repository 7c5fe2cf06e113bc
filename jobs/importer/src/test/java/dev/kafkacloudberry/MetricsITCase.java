package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Action;
import dev.kafkacloudberry.testbed.Moment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an import shows of itself, and what it does not. */
@Timeout(120)
class MetricsITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  @Test
  void aRunningImportReportsWhatItHasDone() {
    ImportUnderTest imported = FIXTURE.newImport();
    imported.createLedger();
    imported.produce(100);
    FIXTURE.proxy().inject(Moment.before("INSERT INTO"), Action.cut());
    Instant start = Instant.now();
    JobID job = imported.start();
    imported.awaitExactlyOnce();
    int commits = imported.commits().size();

    awaitMetric(job, "Writer", "numRecordsSend", 100);
    awaitMetric(job, "Committer", "committedRows", 100);
    awaitMetric(job, "Committer", "commits", commits);
    awaitMetric(job, "Committer", "commitRetries", 1);
    assertThat(sum(job, "Committer", "committedBytes"))
        .isEqualTo(sum(job, "Writer", "numBytesSend"))
        .isPositive();
    assertThat(sum(job, "Committer", "lastCommitDurationMs")).isPositive();
    assertThat(sum(job, "Committer", "lastCommitTime"))
        .isBetween((double) start.toEpochMilli(), (double) Instant.now().toEpochMilli());
  }

  @Test
  void theReadersTellHowFarTheyAreOfAllThatThereIs() {
    ImportUnderTest imported = FIXTURE.newImport();
    imported.produce(100);
    JobID job = imported.start();
    imported.awaitExactlyOnce();
    Map<Integer, Long> ends = FIXTURE.kafka().endOffsets(imported.name());

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        FIXTURE.rest().texts(job, "readingProgress").stream()
                            .flatMap(text -> Stream.of(text.split(" ")).skip(2)))
                    .containsExactlyInAnyOrderElementsOf(
                        ends.keySet().stream()
                            .map(
                                partition ->
                                    "%s-%d:%3$d/%3$d"
                                        .formatted(imported.name(), partition, ends.get(partition)))
                            .toList()));
    String plan = FIXTURE.rest().texts(job, "readingProgress").get(0).split(" ")[0];
    assertThat(FIXTURE.rest().texts(job, "partitionsToRead"))
        .containsExactly(plan + " " + ends.size());
  }

  @Test
  void thePasswordShowsNowhere() {
    ImportUnderTest imported = FIXTURE.newImport();
    JobID job = imported.start(Map.of(), password());
    FIXTURE.flink().awaitRunning(job);
    FIXTURE.replaceTaskManagers();
    await()
        .atMost(SOON)
        .until(() -> FIXTURE.rest().page(job, "/exceptions").contains("exceptionName"));

    for (String page : List.of("", "/config", "/plan", "/exceptions", "/checkpoints/config")) {
      assertThat(FIXTURE.rest().page(job, page))
          .startsWith("{")
          .doesNotContain("\"errors\"")
          .doesNotContain(FIXTURE.role().password());
    }
  }

  @Test
  void explainShowsNoPassword() {
    ImportUnderTest imported = FIXTURE.newImport();
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(FIXTURE.configuration()).build());
    for (String declaration : imported.declarations(password()).split(";")) {
      if (!declaration.isBlank()) {
        tables.executeSql(declaration);
      }
    }

    String plan =
        tables.explainSql(
            "INSERT INTO target SELECT n, t FROM source",
            ExplainDetail.CHANGELOG_MODE,
            ExplainDetail.JSON_EXECUTION_PLAN);

    assertThat(plan)
        .contains("default_database.target", "Writer")
        .doesNotContain(FIXTURE.role().password());
  }

  private static String password() {
    return "'password' = '" + FIXTURE.role().password() + "'";
  }

  private static void awaitMetric(JobID job, String operator, String name, double value) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(sum(job, operator, name)).as(name).isEqualTo(value));
  }

  private static double sum(JobID job, String operator, String name) {
    return FIXTURE.rest().metric(job, operator, name).stream().mapToDouble(n -> n).sum();
  }
}

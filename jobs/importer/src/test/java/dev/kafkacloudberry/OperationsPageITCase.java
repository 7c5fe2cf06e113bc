package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements of docs/operations.md, as they stand there, on a database that was set back. */
@Timeout(180)
class OperationsPageITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final int MESSAGES_OF_A_LOAD = 10;

  private Readme page;
  private String load;

  @BeforeEach
  void readPages() throws IOException {
    page = Readme.read("docs/operations.md");
    Readme tables = Readme.read("docs/rejects-and-replays.md");
    load =
        tables.codeWith("CREATE TABLE orders_topic") + tables.codeWith("INSERT INTO orders SELECT");
  }

  @Test
  void whatADatabaseHasLostIsLoadedAgain() {
    FIXTURE.kafka().createTopic("orders", 1);
    FIXTURE.execute("CREATE TABLE orders (id int, note text)");
    for (int load = 0; load < 3; load++) {
      produce(load * MESSAGES_OF_A_LOAD);
      load();
    }
    requireWhole();

    loseMiddle();
    assertThat(gaps()).containsExactly("orders 10 19");
    load();
    requireWhole();

    // The same inside of what one start of a job has read.
    FIXTURE.execute(
        "UPDATE kafka_import.commits SET run = '00000000-0000-0000-0000-00000000000a' WHERE rows > 0");
    loseMiddle();
    load();
    assertThat(rows()).isEqualTo(20);
    FIXTURE.execute(
        page.codeWith("' set back')::uuid")
            .replace("2026-01-31 12:00:00+00", committedAt(2 * MESSAGES_OF_A_LOAD)));
    load();
    requireWhole();
  }

  private void requireWhole() {
    assertThat(rows()).isEqualTo(30);
    assertThat(gaps()).isEmpty();
    assertThat(FIXTURE.query(page.codeWith("b.from_offset < a.to_offset"))).isEmpty();
    assertThat(
            FIXTURE.query(
                "SELECT in_the_table = loaded FROM (%s) counts"
                    .formatted(statement("AS in_the_table"))))
        .containsExactly("t");
    assertThat(FIXTURE.query(statement("AS has_places"))).containsExactly("public.orders");
    page.code().stream()
        .filter(sql -> sql.startsWith("SELECT"))
        .forEach(sql -> assertThat(sql).satisfies(FIXTURE::query));
  }

  private List<String> gaps() {
    return FIXTURE.query(
        "SELECT concat_ws(' ', topic, gap_from, gap_to) FROM (%s) gaps"
            .formatted(statement("AS gap_to")));
  }

  private String statement(String part) {
    return page.codeWith(part).strip().replaceAll(";$", "");
  }

  /** As if the database had been set back to the first load before the third one was committed. */
  private static void loseMiddle() {
    FIXTURE.execute(
        """
        DELETE FROM orders WHERE id BETWEEN 10 AND 19;
        DELETE FROM kafka_import.commits WHERE commit_id IN
          (SELECT commit_id FROM kafka_import.offsets WHERE from_offset = 10);
        DELETE FROM kafka_import.offsets WHERE from_offset = 10;
        """);
  }

  private static String committedAt(int fromOffset) {
    return FIXTURE
        .query(
            "SELECT committed_at FROM kafka_import.commits JOIN kafka_import.offsets USING (commit_id) WHERE from_offset = "
                + fromOffset)
        .get(0);
  }

  private static void produce(int first) {
    FIXTURE
        .kafka()
        .produce(
            "orders",
            IntStream.range(first, first + MESSAGES_OF_A_LOAD)
                .mapToObj(id -> Message.of((id + ",note").getBytes(UTF_8)).to(0))
                .toList());
  }

  private void load() {
    ImportFixture.Outcome outcome = FIXTURE.run(load, Map.of("execution.runtime-mode", "batch"));
    assertThat(outcome.err()).isEmpty();
    assertThat(FIXTURE.flink().awaitEnd(outcome.jobs().get(0), SOON).isSuccess()).isTrue();
  }

  private static int rows() {
    return Integer.parseInt(FIXTURE.query("SELECT count(*) FROM orders").get(0));
  }
}

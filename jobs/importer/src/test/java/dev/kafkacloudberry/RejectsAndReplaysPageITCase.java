package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements of docs/rejects-and-replays.md, as they stand there, one after the other. */
@Timeout(180)
class RejectsAndReplaysPageITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  @Test
  void itsStatementsDoWhatItSays() throws IOException {
    Readme page = Readme.read("docs/rejects-and-replays.md");
    String tables = page.codeWith("CREATE TABLE orders_topic");
    String load = page.codeWith("INSERT INTO orders SELECT");
    FIXTURE.kafka().createTopic("orders", 2);
    FIXTURE.execute("CREATE TABLE orders (id int, note text)");
    produce("1,one", "2;two", "3,three", "4;four");

    run(tables + load);
    assertThat(rows()).containsExactly("1 one", "3 three");
    assertThat(FIXTURE.query(page.codeWith("convert_from(message, 'UTF8') AS message")))
        .containsExactly("orders", "orders");

    for (int time = 0; time < 2; time++) {
      run(tables + page.codeWith("'sink.mode' = 'repair'"));
      assertThat(rows()).containsExactly("1 one", "2 two", "3 three", "4 four");
      assertThat(openRejects()).isEmpty();
    }

    produce("5,five", "6;six");
    run(tables + load);
    assertThat(openRejects()).hasSize(1);
    FIXTURE.execute(page.codeWith("INSERT INTO kafka_import.repairs"));
    assertThat(rows()).containsExactly("1 one", "2 two", "3 three", "4 four", "5 five", "6 six");
    assertThat(openRejects()).isEmpty();

    run(tables + page.codeWith("'sink.id' = 'orders again'"));
    assertThat(rows()).hasSize(9);
  }

  private static void produce(String... lines) {
    FIXTURE
        .kafka()
        .produce("orders", List.of(lines).stream().map(line -> Message.of(line).to(0)).toList());
  }

  private static void run(String sql) {
    ImportFixture.Outcome outcome = FIXTURE.run(sql, Map.of("execution.runtime-mode", "batch"));
    assertThat(outcome.err()).isEmpty();
    assertThat(FIXTURE.flink().awaitEnd(outcome.jobs().get(0), SOON).isSuccess()).isTrue();
  }

  private static List<String> rows() {
    return FIXTURE.query("SELECT id || ' ' || note FROM orders ORDER BY id");
  }

  private static List<String> openRejects() {
    return FIXTURE.query("SELECT error FROM kafka_import.open_rejects");
  }
}

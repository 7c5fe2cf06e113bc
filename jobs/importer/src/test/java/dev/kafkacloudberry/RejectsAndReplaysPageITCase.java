package dev.kafkacloudberry;

import static dev.kafkacloudberry.ImportUnderTest.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.Message;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements of docs/rejects-and-replays.md, as they stand there, one after the other. */
@Timeout(180)
class RejectsAndReplaysPageITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final String TOO_LONG = "a note of more than 20 characters";

  @Test
  void itsStatementsDoWhatItSays() throws IOException {
    Readme page = Readme.read("docs/rejects-and-replays.md");
    String tables = page.codeWith("CREATE TABLE orders_topic");
    String load = page.codeWith("INSERT INTO orders SELECT");
    String look = page.codeWith("encode(message, 'escape') AS message");
    FIXTURE.kafka().createTopic("orders", 2);
    FIXTURE.execute("CREATE TABLE orders (id int, note text CHECK (length(note) <= 20))");
    produce("1,one", "2;two", "3,three", "4;four");
    produce(new byte[] {'7', ';', 'c', 'a', 'f', (byte) 0xe9}, "8,no\0text".getBytes(UTF_8));

    run(tables + load);
    assertThat(rows()).containsExactly("1 one", "3 three");
    assertThat(shown(look)).containsExactly("2;two", "4;four", "7;caf\\351", "8,no\\000text");

    for (int time = 0; time < 2; time++) {
      run(
          tables
              + page.codeWith("'sink.mode' = 'repair'")
                  .replace("LIKE '%;%'", "LIKE '%;%' AND offs < 4"));
      assertThat(rows()).containsExactly("1 one", "2 two", "3 three", "4 four");
      assertThat(shown(look)).containsExactly("7;caf\\351", "8,no\\000text");
    }

    produce("5,five", "6;six", "9," + TOO_LONG);
    run(tables + load);
    assertThat(openRejects()).hasSize(4);
    FIXTURE.execute(page.codeWith("error LIKE 'column id: %'"));
    assertThat(rows()).containsExactly("1 one", "2 two", "3 three", "4 four", "5 five", "6 six");
    assertThat(openRejects()).hasSize(3);
    FIXTURE.execute(page.codeWith("content::json ->> 'note'"));
    assertThat(rows()).endsWith("6 six", "9 " + TOO_LONG.substring(0, 20));
    assertThat(openRejects()).hasSize(2).allMatch(error -> error.startsWith("byte "));

    run(tables + page.codeWith("'sink.id' = 'orders again'"));
    assertThat(rows()).hasSize(10);
  }

  /** A character that the database cannot hold does not spoil the content of a row. */
  @Test
  void theContentOfARowIsJsonWhateverItHolds() throws IOException {
    Readme page = Readme.read("docs/rejects-and-replays.md");
    FIXTURE.execute("CREATE TABLE strange (id int, note text)");
    run(
        "CREATE TABLE strange (id INT, note STRING) WITH ('connector' = 'cloudberry',"
            + " 'table-name' = 'strange', 'sink.on-error' = 'reject');"
            + "INSERT INTO strange VALUES (1, 'a' || CHR(0) || 'b');");
    String rejected = " FROM kafka_import.rejects WHERE sink_id = 'public.strange'";

    assertThat(FIXTURE.query("SELECT content::json" + rejected))
        .containsExactly("{\"id\": 1, \"note\": \"a\\u0000b\"}");
    assertThatThrownBy(() -> FIXTURE.query("SELECT content::json ->> 'note'" + rejected))
        .hasStackTraceContaining("\\u0000 cannot be converted to text");
    String mended = "replace(content, '\\u0000', '')";
    assertThat(page.text()).contains(mended);
    assertThat(FIXTURE.query("SELECT " + mended + "::jsonb ->> 'note'" + rejected))
        .containsExactly("ab");
  }

  private static void produce(String... lines) {
    produce(Stream.of(lines).map(line -> line.getBytes(UTF_8)).toArray(byte[][]::new));
  }

  private static void produce(byte[]... messages) {
    FIXTURE
        .kafka()
        .produce("orders", Stream.of(messages).map(value -> Message.of(value).to(0)).toList());
  }

  /** The messages that a query of rejects shows. */
  private static List<String> shown(String query) {
    return FIXTURE.query(
        "SELECT message FROM (%s) AS shown".formatted(query.strip().replaceAll(";$", "")));
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

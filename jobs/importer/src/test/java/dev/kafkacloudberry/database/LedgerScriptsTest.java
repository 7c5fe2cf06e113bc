package dev.kafkacloudberry.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerScriptsTest {

  @Test
  void theScriptsDifferInTheirTitleAndTheDistributionOnly() throws IOException {
    List<String> cloudberry = lines("ledger_cloudberry.sql");
    List<String> postgresql = lines("ledger_postgresql.sql");

    assertThat(cloudberry.get(0)).startsWith("-- ").contains("Cloudberry");
    assertThat(postgresql.get(0)).startsWith("-- ").contains("PostgreSQL");
    assertThat(
            cloudberry.stream()
                .skip(1)
                .map(
                    line ->
                        line.replaceFirst(
                            " DISTRIBUTED BY \\((reject_)?commit_id\\)| DISTRIBUTED BY \\(import\\)",
                            "")))
        .containsExactlyElementsOf(postgresql.subList(1, postgresql.size()));
  }

  @Test
  void everyTableIsAHeapDistributedByWhatItsKeyBeginsWith() throws IOException {
    assertThat(lines("ledger_cloudberry.sql"))
        .filteredOn(line -> line.startsWith(")"))
        .containsExactly(
            ") USING heap DISTRIBUTED BY (commit_id);",
            ") USING heap DISTRIBUTED BY (commit_id);",
            ") USING heap DISTRIBUTED BY (commit_id);",
            ") USING heap DISTRIBUTED BY (reject_commit_id);",
            ") USING heap DISTRIBUTED BY (import);");
  }

  private static List<String> lines(String script) throws IOException {
    try (InputStream in = Ledger.class.getResourceAsStream(script)) {
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    }
  }
}

package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Savepoints that are restored by a script which has changed around its import. The sink is not
 * told the rows' places, so that nothing but the state of source and sink keeps a row from being
 * loaded twice or not at all; a state that finds no operator fails the start.
 */
@Timeout(120)
class ChangedScriptITCase {

  @RegisterExtension static final ImportFixture FIXTURE = new ImportFixture();

  private static final String INSERT = "INSERT INTO target SELECT n, t FROM source;";

  private ImportUnderTest imported;
  private Optional<Path> savepoint = Optional.empty();

  @BeforeEach
  void newImport() {
    imported = FIXTURE.newImport();
  }

  @Test
  void anImportGoesOn() {
    String tables = imported.declarations();
    goesOn("as it was at first", tables + INSERT);
    goesOn("with comments", "-- tables\n" + tables + "/* all */\n\n" + INSERT);
    goesOn("with aliases", tables + "INSERT INTO target SELECT n AS m, t AS u FROM source;");
    goesOn("with an expression", tables + "INSERT INTO target SELECT n, t || '' FROM source;");
    goesOn("with a WHERE", tables + "INSERT INTO target SELECT n, t FROM source WHERE n >= 0;");
    goesOn(
        "with another WHERE",
        tables + "INSERT INTO target SELECT n, t FROM source WHERE n > -1 AND t <> '';");
    goesOn(
        "with a table, a view and a plan before it",
        "CREATE TABLE first (n INT) WITH ('connector' = 'datagen');"
            + tables
            + "CREATE VIEW all_ AS SELECT * FROM source; EXPLAIN "
            + INSERT
            + INSERT);
    FIXTURE.execute("ALTER TABLE %s ADD COLUMN ts timestamptz".formatted(imported.name()));
    goesOn(
        "with one more column",
        tables
                .replace(
                    "source (n INT, t STRING",
                    "source (n INT, t STRING, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp'")
                .replace("target (n INT, t STRING", "target (n INT, t STRING, ts TIMESTAMP_LTZ(3)")
            + "INSERT INTO target SELECT n, t, ts FROM source;");
    goesOn(
        "beside another INSERT",
        tables
            + "CREATE TABLE other (n INT) WITH ('connector' = 'blackhole');"
            + "EXECUTE STATEMENT SET BEGIN INSERT INTO other SELECT n FROM source; "
            + INSERT
            + "END;");
  }

  /** A source that is read twice, a table that is loaded twice: their uids differ. */
  @Test
  void twoOfAKindGoOnEachWithItsOwnState() {
    String tables =
        imported
            .declarations()
            .replace("source (n INT", "source (part INT METADATA FROM 'partition' VIRTUAL, n INT");
    String two =
        """
        EXECUTE STATEMENT SET BEGIN
        INSERT INTO target SELECT n, t FROM source WHERE part = 0%1$s;
        INSERT INTO target SELECT n, t FROM source WHERE part > 0%1$s;
        END;
        """;

    goesOn("as it was at first", tables + two.formatted(""));
    goesOn("with a WHERE", tables + two.formatted(" AND n >= 0"));
  }

  /** What builds before the uids have written, Flink finds when it numbers the operators itself. */
  @Test
  void withoutUidsTheScriptHasToBeTheSame() {
    String script = "SET 'table.exec.uid.generation' = 'DISABLED';" + imported.declarations();
    goesOn("as it was at first", script + INSERT);
    goesOn("unchanged", script + "-- but for a comment\n" + INSERT);

    ImportFixture.Outcome changed =
        FIXTURE.run(script + INSERT.replace(";", " WHERE n >= 0;"), from(savepoint.orElseThrow()));

    assertThat(changed.err()).contains("Cannot map checkpoint/savepoint state for operator");
  }

  private void goesOn(String how, String script) {
    imported.produce(100);
    ImportFixture.Outcome started =
        FIXTURE.run(script, savepoint.map(ChangedScriptITCase::from).orElse(Map.of()));
    assertThat(started.err()).as(how).isEmpty();
    JobID job = started.jobs().get(0);
    imported.awaitExactlyOnce();
    savepoint = Optional.of(imported.stopAndAssertExactlyOnce(job));
  }

  private static Map<String, String> from(Path savepoint) {
    return Map.of("execution.state-recovery.path", savepoint.toUri().toString());
  }
}

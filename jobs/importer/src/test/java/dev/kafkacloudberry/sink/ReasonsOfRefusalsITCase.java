package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.copy.CopyFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Everything for which a database may refuse a row: the others are committed. */
class ReasonsOfRefusalsITCase extends CommitStories {

  /**
   * Row 2 is refused, rows 1 and 3 are not.
   *
   * @param ddl the table's name is {@code %1$s}
   * @param good the note of the rows 1 and 3
   * @param bad the note of row 2
   * @param reason how it is begun
   */
  private record Story(
      String name, CopyFormat format, String ddl, String good, String bad, String reason) {

    @Override
    public String toString() {
      return name;
    }
  }

  @SuppressWarnings("unused")
  private static final List<Story> STORIES =
      List.of(
          text(
              "number",
              "int",
              "7",
              "seven",
              "Column \"note\": invalid input syntax for type integer: \"seven\" 22P02"),
          text(
              "out of range",
              "smallint",
              "7",
              "70000",
              "Column \"note\": value \"70000\" is out of range for type smallint 22003"),
          text(
              "date",
              "date",
              "2024-02-29",
              "2023-02-29",
              "Column \"note\": date/time field value out of range: \"2023-02-29\" 22008"),
          text(
              "time zone",
              "timestamptz",
              "2024-02-29 10:00 UTC",
              "2024-02-29 10:00 Mars/Phobos",
              "Column \"note\": time zone \"mars/phobos\" not recognized 22023"),
          text(
              "interval",
              "interval",
              "1 day",
              "1 dai",
              "Column \"note\": invalid input syntax for type interval: \"1 dai\" 22007"),
          text(
              "address",
              "inet",
              "10.0.0.1",
              "10.0.0.256",
              "Column \"note\": invalid input syntax for type inet: \"10.0.0.256\" 22P02"),
          text(
              "bits",
              "bit(3)",
              "101",
              "1010",
              "Column \"note\": bit string length 4 does not match type bit(3) 22026"),
          text(
              "tsquery",
              "tsquery",
              "a & b",
              "a & &",
              "Column \"note\": syntax error in tsquery: \"a & &\" 42601"),
          text(
              "tsvector",
              "tsvector",
              "a:1",
              "a:",
              "Column \"note\": syntax error in tsvector: \"a:\" 42601"),
          text(
              "jsonpath",
              "jsonpath",
              "$.a",
              "$.",
              "Column \"note\": syntax error at end of jsonpath input 42601"),
          text(
              "regclass",
              "regclass",
              "pg_class",
              "no_such",
              "Column \"note\": relation \"no_such\" does not exist 42P01"),
          text(
              "regtype",
              "regtype",
              "int4",
              "no_such",
              "Column \"note\": type \"no_such\" does not exist 42704"),
          text(
              "regproc",
              "regproc",
              "now",
              "no_such",
              "Column \"note\": function \"no_such\" does not exist 42883"),
          text(
              "line breaks in a value",
              "int",
              "7",
              "a\nb",
              "Column \"note\": invalid input syntax for type integer: \"a\\u000ab\" 22P02"),
          text("xml", "xml", "<a/>", "<a>", "Column \"note\": "),
          text(
              "json too deep",
              "json",
              "[]",
              "[".repeat(100_000),
              "Column \"note\": stack depth limit exceeded 54001"),
          binary(
              "json in binary",
              "ALTER TABLE %1$s ALTER note TYPE json USING to_json(note)",
              "[]",
              "[1 2]",
              "Column \"note\": invalid input syntax for type json: Expected \",\" or \"]\", but found \"2\". 22P02"),
          binary(
              "jsonb in binary",
              "ALTER TABLE %1$s ALTER note TYPE jsonb USING to_jsonb(note)",
              "[]",
              "nul",
              "Column \"note\": invalid input syntax for type json: Token \"nul\" is invalid. 22P02"),
          binary(
              "not null",
              "ALTER TABLE %1$s ALTER note SET NOT NULL",
              "x",
              null,
              "Column \"note\": null value in column \"note\" of relation \"%1$s\" violates not-null constraint: Failing row contains (2, null). 23502"),
          binary(
              "check",
              "ALTER TABLE %1$s ADD CONSTRAINT short CHECK (note < 'b')",
              "a",
              "c",
              "new row for relation \"%1$s\" violates check constraint \"short\": Failing row contains (2, c). 23514"),
          binary(
              "domain",
              "CREATE DOMAIN short_%1$s AS text CONSTRAINT short CHECK (VALUE < 'b'); ALTER TABLE %1$s ALTER note TYPE short_%1$s",
              "a",
              "c",
              "value for domain short_%1$s violates check constraint \"short\" 23514"),
          binary(
              "foreign key",
              "CREATE TABLE notes_%1$s (note text PRIMARY KEY); INSERT INTO notes_%1$s VALUES ('a'); ALTER TABLE %1$s ADD CONSTRAINT known FOREIGN KEY (note) REFERENCES notes_%1$s",
              "a",
              "c",
              "insert or update on table \"%1$s\" violates foreign key constraint \"known\": Key (note)=(c) is not present in table \"notes_%1$s\". 23503"),
          binary(
              "deferred foreign key",
              "CREATE TABLE notes_%1$s (note text PRIMARY KEY); INSERT INTO notes_%1$s VALUES ('a'); ALTER TABLE %1$s ADD CONSTRAINT known FOREIGN KEY (note) REFERENCES notes_%1$s DEFERRABLE INITIALLY DEFERRED",
              "a",
              "c",
              "insert or update on table \"%1$s\" violates foreign key constraint \"known\": Key (note)=(c) is not present in table \"notes_%1$s\". 23503"),
          binary(
              "exclusion",
              "CREATE FUNCTION span_%1$s(t text) RETURNS int4range IMMUTABLE LANGUAGE sql AS 'SELECT int4range(length(t), length(t) + 1)'; ALTER TABLE %1$s ADD CONSTRAINT apart_%1$s EXCLUDE USING gist (span_%1$s(note) WITH &&) WHERE (note <> 'ok'); INSERT INTO %1$s VALUES (0, 'four')",
              "ok",
              "five",
              "conflicting key value violates exclusion constraint \"apart_%1$s\": Key (span_%1$s(note))=([4,5)) conflicts with existing key (span_%1$s(note))=([4,5)). 23P01"),
          binary(
              "no partition",
              "DROP TABLE %1$s; CREATE TABLE %1$s (id int, note text) PARTITION BY LIST (note); CREATE TABLE a_%1$s PARTITION OF %1$s FOR VALUES IN ('a')",
              "a",
              "c",
              "no partition of relation \"%1$s\" found for row: Partition key of the failing row contains (note) = (c). 23514"),
          binary(
              "too long for an index",
              "CREATE INDEX ON %1$s (note)",
              "a",
              Stream.iterate(1, n -> n * 31 + 7)
                  .limit(3_000)
                  .map(Integer::toHexString)
                  .reduce("", String::concat),
              "index row requires "),
          binary(
              "trigger",
              refusing("IF NEW.note = ''bad'' THEN RAISE EXCEPTION ''bad note''; END IF"),
              "good",
              "bad",
              "bad note P0001"),
          binary(
              "trigger with an own code",
              refusing(
                  "IF NEW.note = ''bad'' THEN RAISE EXCEPTION ''bad note'' USING ERRCODE = ''UE001''; END IF"),
              "good",
              "bad",
              "bad note UE001"),
          binary(
              "trigger that asserts",
              refusing("ASSERT NEW.note <> ''bad'', ''bad note''"),
              "good",
              "bad",
              "bad note P0004"),
          binary(
              "trigger that divides",
              refusing("NEW.id := NEW.id / (3 - length(NEW.note)) * 0 + NEW.id"),
              "good",
              "bad",
              "division by zero 22012"));

  private static Story text(String name, String type, String good, String bad, String reason) {
    String ddl = "ALTER TABLE %1$s ALTER note TYPE " + type + " USING NULL";
    return new Story(name, CopyFormat.TEXT, ddl, good, bad, reason);
  }

  private static Story binary(String name, String ddl, String good, String bad, String reason) {
    return new Story(name, CopyFormat.BINARY, ddl, good, bad, reason);
  }

  private static String refusing(String statement) {
    return "CREATE FUNCTION refuse_%1$s() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
        + statement
        + "; RETURN NEW; END'; CREATE TRIGGER refuse BEFORE INSERT ON %1$s FOR EACH ROW EXECUTE FUNCTION refuse_%1$s()";
  }

  @ParameterizedTest
  @FieldSource("STORIES")
  void theRowIsRejectedAndTheOthersAreLoaded(Story story) throws Exception {
    prepare(story);
    try (SinkHarness sink = target.rejecting().sink().start(1)) {
      sink.write(0, rows(story));
      sink.checkpoint(1);
      sink.complete(1);

      assertThat(target.query("SELECT id FROM " + target.table() + " WHERE id > 0 ORDER BY id"))
          .containsExactly("1", "3");
      assertThat(target.rejects()).hasSize(1);
      String error =
          target
              .query("SELECT error || ' ' || sqlstate FROM %s.rejects".formatted(target.ledger()))
              .get(0);
      assertThat(error).startsWith(story.reason().formatted(target.table())).hasSizeLessThan(1_100);
    }
  }

  @ParameterizedTest
  @FieldSource("STORIES")
  void theRowIsNamedWhenTheJobIsToFail(Story story) throws Exception {
    prepare(story);
    try (SinkHarness sink = target.sink().start(1)) {
      sink.write(0, rows(story));
      sink.checkpoint(1);

      assertThatThrownBy(() -> sink.complete(1))
          .hasStackTraceContaining("topic 'orders', partition 0, offset 12")
          .hasStackTraceContaining("The row is {\"id\": ");
    }
  }

  private void prepare(Story story) throws Exception {
    target.execute(story.ddl().formatted(target.table()));
    target.places();
    if (story.format() == CopyFormat.TEXT) {
      target.asText();
    }
  }

  private static RowData[] rows(Story story) {
    return new RowData[] {
      row(1, story.good(), 0, 11), row(2, story.bad(), 0, 12), row(3, story.good(), 0, 13)
    };
  }
}

package dev.kafkacloudberry.copy;

import static org.apache.flink.table.api.DataTypes.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;

class ColumnCompatibilityTest {
  private static final List<String> TARGETS =
      List.of(
          "bool",
          "int2",
          "int4",
          "int8",
          "float4",
          "float8",
          "numeric",
          "text",
          "varchar",
          "bpchar",
          "json",
          "jsonb",
          "uuid",
          "bytea",
          "date",
          "time",
          "timestamp",
          "timestamptz",
          "inet",
          "mood",
          "xml",
          "name",
          "char",
          "_int4",
          "_text",
          "_mood");

  /** b: binary and text, t: text only, -: refused; in the order of {@link #TARGETS}. */
  private static final Map<DataType, String> TABLE =
      Map.ofEntries(
          Map.entry(BOOLEAN(), "b------ttt----------------"),
          Map.entry(TINYINT(), "-bbbbbbttt----------------"),
          Map.entry(SMALLINT(), "-bbbbbbttt----------------"),
          Map.entry(INT(), "-bbbbbbttt----------------"),
          Map.entry(BIGINT(), "-bbbbbbttt----------------"),
          Map.entry(DECIMAL(10, 0), "-bbbbbbttt----------------"),
          Map.entry(DECIMAL(10, 2), "----bbbttt----------------"),
          Map.entry(FLOAT(), "----bbtttt----------------"),
          Map.entry(DOUBLE(), "----bbtttt----------------"),
          Map.entry(CHAR(3), "tttttttbbbbbbtttttttt--ttt"),
          Map.entry(STRING(), "tttttttbbbbbbtttttttt--ttt"),
          Map.entry(BINARY(3), "-------------b------------"),
          Map.entry(BYTES(), "-------------b------------"),
          Map.entry(DATE(), "-------ttt----b-b---------"),
          Map.entry(TIME(3), "-------ttt-----b----------"),
          Map.entry(TIMESTAMP(6), "-------ttt------b---------"),
          Map.entry(TIMESTAMP_LTZ(6), "-------ttt-------b--------"),
          Map.entry(ARRAY(INT()), "-----------------------bt-"),
          Map.entry(ARRAY(STRING()), "-----------------------tbt"),
          Map.entry(ARRAY(ARRAY(INT())), "-".repeat(26)),
          Map.entry(MAP(STRING(), INT()), "-".repeat(26)),
          Map.entry(MULTISET(STRING()), "-".repeat(26)),
          Map.entry(ROW(FIELD("a", INT())), "-".repeat(26)),
          Map.entry(INTERVAL(DAY()), "-".repeat(26)),
          Map.entry(TIMESTAMP_WITH_TIME_ZONE(6), "-".repeat(26)));

  @Test
  void everyPairIsDefined() {
    TABLE.forEach(
        (type, row) -> {
          for (int i = 0; i < TARGETS.size(); i++) {
            Encodings encodings = SingleColumn.of(type, TARGETS.get(i)).encodings();
            assertThat(kind(encodings))
                .as("%s into %s", type, TARGETS.get(i))
                .isEqualTo(row.charAt(i));
            if (row.charAt(i) != 'b') {
              assertThat(encodings.advice()).isNotEmpty();
            }
          }
        });
  }

  private static char kind(Encodings encodings) {
    return encodings.binary().isPresent() ? 'b' : encodings.text().isPresent() ? 't' : '-';
  }

  @Test
  void arraysOfEveryBuiltInElementGoInBinary() {
    Map.ofEntries(
            Map.entry("_bool", BOOLEAN()),
            Map.entry("_int2", SMALLINT()),
            Map.entry("_int8", INT()),
            Map.entry("_float4", FLOAT()),
            Map.entry("_float8", DOUBLE()),
            Map.entry("_numeric", DECIMAL(10, 2)),
            Map.entry("_varchar", STRING()),
            Map.entry("_bpchar", STRING()),
            Map.entry("_json", STRING()),
            Map.entry("_jsonb", STRING()),
            Map.entry("_uuid", STRING()),
            Map.entry("_bytea", BYTES()),
            Map.entry("_date", DATE()),
            Map.entry("_time", TIME(3)),
            Map.entry("_timestamp", TIMESTAMP(6)),
            Map.entry("_timestamptz", TIMESTAMP_LTZ(6)))
        .forEach(
            (target, element) ->
                assertThat(kind(SingleColumn.of(ARRAY(element), target).encodings()))
                    .as("%s[] into %s", element, target)
                    .isEqualTo('b'));
  }

  @Test
  void roundingByTheDatabaseIsRefused() {
    assertRounds(DECIMAL(10, 3), "numeric", "numeric(10,2)");
    assertRounds(DECIMAL(10, 1), "numeric", "numeric(10,0)");
    assertRounds(DOUBLE(), "numeric", "numeric(10,2)");
    assertRounds(TIMESTAMP(6), "timestamp", "timestamp(3) without time zone");
    assertRounds(TIMESTAMP_LTZ(6), "timestamptz", "timestamp(0) with time zone");
    assertRounds(TIME(3), "time", "time(0) without time zone");
    assertRounds(ARRAY(DECIMAL(10, 3)), "_numeric", "numeric(10,2)[]");
    assertThat(kind(SingleColumn.of(DECIMAL(10, 2), "numeric", "numeric(10,2)").encodings()))
        .isEqualTo('b');
    assertThat(
            kind(
                SingleColumn.of(TIMESTAMP(3), "timestamp", "timestamp(3) without time zone")
                    .encodings()))
        .isEqualTo('b');
  }

  private static void assertRounds(DataType type, String baseType, String displayType) {
    Encodings encodings = SingleColumn.of(type, baseType, displayType).encodings();
    assertThat(kind(encodings)).as("%s into %s", type, displayType).isEqualTo('-');
    assertThat(encodings.advice()).contains("round");
  }

  @Test
  void everyImpossiblePairIsNamedWithItsTypesAndTheFix() {
    List<ColumnPair> columns =
        List.of(
            new ColumnPair(
                new SourceColumn("price", new DoubleType(), 0),
                new TargetColumn("Price", "int8", "bigint")),
            new ColumnPair(
                new SourceColumn("fine", new IntType(), 1),
                new TargetColumn("fine_too", "int4", "integer")),
            new ColumnPair(
                new SourceColumn("flag", new BooleanType(), 2),
                new TargetColumn("flag", "mood", "app.mood")));

    assertThatExceptionOfType(IncompatibleColumnsException.class)
        .isThrownBy(() -> RowEncoder.of(columns, Optional.empty()))
        .withMessageContaining("column price DOUBLE into column \"Price\" bigint: make it BIGINT")
        .withMessageContaining(
            "column flag BOOLEAN into column \"flag\" app.mood: CAST it AS STRING")
        .satisfies(e -> assertThat(e).message().doesNotContain("fine"));
  }

  @Test
  void binaryIsRefusedWhereAPairHasTextOnly() {
    List<ColumnPair> columns =
        List.of(
            new ColumnPair(
                new SourceColumn("a", new IntType(), 0), new TargetColumn("a", "int4", "integer")),
            new ColumnPair(
                new SourceColumn("b", VarCharType.STRING_TYPE, 1),
                new TargetColumn("b", "inet", "inet")));

    assertThatExceptionOfType(IncompatibleColumnsException.class)
        .isThrownBy(() -> RowEncoder.of(columns, Optional.of(CopyFormat.BINARY)))
        .withMessageContaining(
            "column b STRING into column \"b\" inet: it goes in text format only")
        .satisfies(e -> assertThat(e).message().doesNotContain("column a "));
    assertThat(RowEncoder.of(columns, Optional.empty()).format()).isEqualTo(CopyFormat.TEXT);
    assertThat(RowEncoder.of(columns.subList(0, 1), Optional.empty()).format())
        .isEqualTo(CopyFormat.BINARY);
    assertThat(RowEncoder.of(columns.subList(0, 1), Optional.of(CopyFormat.TEXT)).format())
        .isEqualTo(CopyFormat.TEXT);
  }

  @Test
  void noColumnsAtAllIsAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowEncoder.of(List.of(), Optional.empty()));
  }
}

package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.copy.ColumnPair;
import dev.kafkacloudberry.copy.SourceColumn;
import dev.kafkacloudberry.database.TableColumn;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.database.TargetTable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.types.logical.IntType;
import org.junit.jupiter.api.Test;

class ColumnMappingTest {

  @Test
  void columnsMeetByNameWhateverTheirOrder() {
    List<ColumnPair> pairs =
        ColumnMapping.of(query("b", "a"), table(optional("a"), optional("b"), optional("c")));

    assertThat(pairs)
        .extracting(pair -> pair.source().index() + "->" + pair.target().name())
        .containsExactly("0->b", "1->a");
  }

  @Test
  void aNameMatchesItselfBeforeItsLowerCaseForm() {
    assertThat(targets(query("Id"), table(optional("id"), optional("Id")))).containsExactly("Id");
    assertThat(targets(query("Id"), table(optional("id"), optional("ID")))).containsExactly("id");
  }

  @Test
  void aLowerCaseNameDoesNotMeetAnUpperCaseColumn() {
    assertThatThrownBy(() -> ColumnMapping.of(query("id"), table(optional("Id"))))
        .hasMessage(
            "Cannot load into table public.orders: the table has no column 'id'."
                + " Its columns are: Id");
  }

  @Test
  void everyColumnThatTheTableLacksIsListed() {
    assertThatThrownBy(() -> ColumnMapping.of(query("a", "x", "y"), table(optional("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the table has no column 'x'; the table has no column 'y'");
  }

  @Test
  void everyMandatoryColumnThatNothingFillsIsListed() {
    assertThatThrownBy(
            () ->
                ColumnMapping.of(query("a"), table(mandatory("a"), mandatory("b"), mandatory("c"))))
        .hasMessageContaining("column 'b' is NOT NULL, has no default")
        .hasMessageContaining("column 'c' is NOT NULL, has no default")
        .hasMessageNotContaining("column 'a'");
  }

  @Test
  void aGeneratedColumnIsNotLoaded() {
    assertThatThrownBy(() -> ColumnMapping.of(query("g"), table(generated("g"))))
        .hasMessageContaining("column 'g' is generated and cannot be loaded");
  }

  @Test
  void twoColumnsOfTheQueryDoNotFillOneOfTheTable() {
    assertThatThrownBy(() -> ColumnMapping.of(query("id", "ID"), table(optional("id"))))
        .hasMessageContaining("column 'id' would be filled twice");
  }

  private static List<String> targets(List<SourceColumn> query, TargetTable table) {
    return ColumnMapping.of(query, table).stream().map(pair -> pair.target().name()).toList();
  }

  private static List<SourceColumn> query(String... names) {
    List<SourceColumn> columns = new ArrayList<>();
    for (String name : names) {
      columns.add(new SourceColumn(name, new IntType(), columns.size()));
    }
    return columns;
  }

  private static TargetTable table(TableColumn... columns) {
    return new TargetTable(new TableName("public", "orders"), List.of(columns));
  }

  private static TableColumn optional(String name) {
    return new TableColumn(name, "int4", "integer", false, false);
  }

  private static TableColumn mandatory(String name) {
    return new TableColumn(name, "int4", "integer", true, false);
  }

  private static TableColumn generated(String name) {
    return new TableColumn(name, "int4", "integer", false, true);
  }
}

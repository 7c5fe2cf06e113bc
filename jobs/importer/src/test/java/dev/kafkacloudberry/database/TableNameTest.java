package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.TableName.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  @Test
  void partsAreSplitAndLoseTheirQuotes() {
    assertThat(TableName.parse("orders")).containsExactly(new Part("orders", false));
    assertThat(TableName.parse("sales.Orders"))
        .containsExactly(new Part("sales", false), new Part("Orders", false));
    assertThat(TableName.parse("\"Sales\".orders"))
        .containsExactly(new Part("Sales", true), new Part("orders", false));
    assertThat(TableName.parse(" sales . \"Orders\" "))
        .containsExactly(new Part("sales", false), new Part("Orders", true));
  }

  @Test
  void aQuotedPartKeepsItsDotsQuotesAndSpaces() {
    assertThat(TableName.parse("\"a.b\".\"c\"\"d\""))
        .containsExactly(new Part("a.b", true), new Part("c\"d", true));
    assertThat(TableName.parse("\"\"\"\"")).containsExactly(new Part("\"", true));
    assertThat(TableName.parse("\" \"")).containsExactly(new Part(" ", true));
  }

  @Test
  void anUnquotedPartAlsoStandsForItsLowerCaseForm() {
    assertThat(new Part("Orders", false).candidates()).containsExactly("Orders", "orders");
    assertThat(new Part("orders", false).candidates()).containsExactly("orders");
    assertThat(new Part("Orders", true).candidates()).containsExactly("Orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "a.",
        ".a",
        "a..b",
        "a.b.c",
        "\"\"",
        "\"a",
        "a\"",
        "\"a\"b",
        "a\"b\"",
        "\"a\"\"",
        "\"a\" \"b\""
      })
  void anythingElseIsRefused(String written) {
    assertThatThrownBy(() -> TableName.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + written + "' is not a table name")
        .hasMessageContaining("\"Sales\".\"Orders\"");
  }

  @Test
  void forSqlBothPartsAreQuoted() {
    assertThat(new TableName("Sales", "a\"b.c").quoted()).isEqualTo("\"Sales\".\"a\"\"b.c\"");
    assertThat(new TableName("Sales", "orders")).hasToString("Sales.orders");
  }

  @Test
  void whatIsQuotedIsReadBack() {
    TableName name = new TableName("Sales.\"x\"", "or\"\"der.s");

    assertThat(TableName.parse(name.quoted()))
        .extracting(Part::name)
        .containsExactly(name.schema(), name.table());
  }
}

package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.job.SqlScript.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetStatementTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET 'a.b' = 'c d'",
        "set 'a.b'='c d'",
        "SET\n  'a.b' -- comment\n = /* comment */ 'c d'",
        "SET a.b = 'c d'"
      })
  void keyAndValueAreRead(String text) {
    assertThat(SetStatement.of(statement(text))).contains(new SetStatement("a.b", "c d"));
  }

  @Test
  void aQuoteInAValueIsDoubled() {
    assertThat(SetStatement.of(statement("SET 'a' = 'it''s'")))
        .contains(new SetStatement("a", "it's"));
  }

  @Test
  void aValueMayBeEmptyOrBare() {
    assertThat(SetStatement.of(statement("SET 'a' = ''"))).contains(new SetStatement("a", ""));
    assertThat(SetStatement.of(statement("SET a=10s"))).contains(new SetStatement("a", "10s"));
  }

  @Test
  void otherStatementsAreNone() {
    assertThat(SetStatement.of(statement("SELECT 1"))).isEmpty();
    assertThat(ResetStatement.of(statement("SELECT 1"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SET", "SET 'cloudberry.password' 'hunter2'", "SET 'a' = 'hunter2' x"})
  void whatCannotBeReadIsRefusedWithoutShowingIt(String text) {
    assertThatThrownBy(() -> SetStatement.of(statement(text)))
        .isInstanceOf(SqlScriptException.class)
        .hasMessage("a.sql:1:1: a SET statement reads SET 'key' = 'value';");
  }

  @Test
  void resetTakesAKeyOrAll() {
    assertThat(ResetStatement.of(statement("RESET 'a.b'")).orElseThrow().key()).contains("a.b");
    assertThat(ResetStatement.of(statement("RESET a.b")).orElseThrow().key()).contains("a.b");
    assertThat(ResetStatement.of(statement("RESET")).orElseThrow().key()).isEmpty();
    assertThatThrownBy(() -> ResetStatement.of(statement("RESET 'a' 'b'")))
        .hasMessage("a.sql:1:1: a RESET statement reads RESET 'key'; or RESET;");
  }

  private static Statement statement(String text) {
    return SqlScript.parse("a.sql", text).statements().get(0);
  }
}

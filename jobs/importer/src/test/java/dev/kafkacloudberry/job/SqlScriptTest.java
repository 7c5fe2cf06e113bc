package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {

  @Test
  void semicolonsEndStatementsAndTheLastOneNeedsNone() {
    assertThat(texts("SELECT 1; SELECT 2")).containsExactly("SELECT 1", "SELECT 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ";", " ;;\n; ", "-- only a comment", "/* ; */;", "\uFEFF"})
  void emptyStatementsAreNone(String text) {
    assertThat(texts(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';'",
        "SELECT 'it''s;'",
        "SELECT '--'",
        "SELECT '/*;'",
        "SELECT '\n;\n'",
        "SELECT E'it\\'s;'",
        "SELECT e'\\\\'",
        "SELECT '\\'",
        "SELECT 1 AS `a;b`",
        "SELECT 1 AS `a``;--b`",
        "SELECT 1 AS `'`",
        "SELECT '`'",
        "SELECT '数据;\uD83D\uDE00'",
        "SELECT /*+ OPTIONS('k'=';') */ 1",
        "SELECT 1 - -1 / 2 * 3"
      })
  void whatIsQuotedEndsNothing(String statement) {
    assertThat(texts(statement + ";SELECT 2")).containsExactly(statement, "SELECT 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT -- one; two 'three | SELECT",
        "SELECT // one; two 'three | SELECT",
        "/* ; ' ` */ SELECT | SELECT",
        "SELECT/**/1 | SELECT 1",
        "SELECT /* /* ; */ 1 | SELECT 1",
        "SELECT /*/ ; */ 1 | SELECT 1",
        "SELECT 1 /* end */ | SELECT 1"
      })
  void commentsAreBlank(String text, String statement) {
    assertThat(texts(text)).map(found -> found.replaceAll(" +", " ")).containsExactly(statement);
  }

  @Test
  void aCommentEndsWithItsLine() {
    assertThat(texts("-- it's;\nSELECT 1; -- `;\r\nSELECT 2"))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void aStatementStandsAtItsFirstCharacter() {
    List<Statement> statements =
        SqlScript.parse("a.sql", "\uFEFF-- x\r\n  SELECT 1;\r\r\n/* y\n */ SELECT 2").statements();

    assertThat(statements)
        .extracting(statement -> statement.position().toString())
        .containsExactly("a.sql:2:3", "a.sql:5:5");
    assertThat(statements.get(1).textInPlace()).isEqualTo("\n\n\n\n    SELECT 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT 1;\\n SELECT 'a; | a.sql:2:9: the string that begins here is not closed by '",
        "SELECT E'a\\' | a.sql:1:9: the string that begins here is not closed by '",
        "SELECT `a'; | a.sql:1:8: the quoted name that begins here is not closed by `",
        "SELECT `a``; | a.sql:1:8: the quoted name that begins here is not closed by `",
        "SELECT 1;\\n/* | a.sql:2:1: the comment that begins here is not closed by */",
        "/*/ | a.sql:1:1: the comment that begins here is not closed by */"
      },
      quoteCharacter = '\0')
  void whatIsNotClosedIsNamedWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> texts(text.replace("\\n", "\n")))
        .isInstanceOf(SqlScriptException.class)
        .hasMessage(message);
  }

  @Test
  void aStatementSetIsOneStatement() {
    String set =
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END; INSERT INTO b"
            + " VALUES (1); END";

    assertThat(texts(set + "; SELECT 1;")).containsExactly(set, "SELECT 1");
    assertThat(texts("EXPLAIN " + set.substring("EXECUTE ".length()))).hasSize(1);
  }

  @Test
  void aStatementSetOfTheSqlClientIsItsStatements() {
    assertThat(texts("BEGIN STATEMENT SET; INSERT INTO a VALUES (1); END;"))
        .containsExactly("BEGIN STATEMENT SET", "INSERT INTO a VALUES (1)", "END");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a VALUES (1); | a.sql:1:1",
        "SELECT 1; BEGIN STATEMENT SET; INSERT INTO a VALUES (1); | a.sql:1:11",
        "BEGIN STATEMENT SET; SELECT 1; END; | a.sql:1:22",
        "BEGIN STATEMENT SET; BEGIN STATEMENT SET; | a.sql:1:22",
        "SELECT 1; END; | a.sql:1:11"
      })
  void aStatementSetThatIsNotWholeIsRefused(String text, String place) {
    assertThatThrownBy(() -> texts(text))
        .isInstanceOf(SqlScriptException.class)
        .hasMessageStartingWith(place + ": ");
  }

  @Test
  void wordsAreUpperCaseAndKnowNoQuotesOrComments() {
    Statement statement = SqlScript.parse("a.sql", "set /* x */ 'y' = `z`").statements().get(0);

    assertThat(statement.words()).containsExactly("SET");
  }

  @Test
  void aFileHasToBeUtf8(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("latin1.sql");
    Files.write(file, new byte[] {'\'', (byte) 0xE9, '\''});

    assertThatThrownBy(() -> SqlScript.read(file)).isInstanceOf(MalformedInputException.class);
  }

  private static List<String> texts(String script) {
    return SqlScript.parse("a.sql", script).statements().stream().map(Statement::text).toList();
  }
}

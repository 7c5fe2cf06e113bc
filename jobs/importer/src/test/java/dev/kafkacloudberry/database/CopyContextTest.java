package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyContextTest {

  private static final List<Load.Column> COLUMNS =
      List.of(new Load.Column("id", "integer"), new Load.Column("a note", "text"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY orders, line 7, column a note: \"seven\"",
        "COPY orders, line 7, column a note",
        "COPY orders, Zeile 7, Spalte a note: „sieben“",
        "COPY orders, 行 7, 列 a note: \"7\"",
        "COPY orders, line 7, column a note: \"COPY orders, line 8, column id\"",
        "JSON data, line 1: [1 2...\nCOPY orders, line 7, column a note: \"[1 2]\""
      })
  void rowAndColumnAreReadInAnyLanguage(String text) {
    CopyContext context = CopyContext.of(text);

    assertThat(context.row()).isEqualTo(OptionalLong.of(7));
    assertThat(context.columnOf(COLUMNS)).contains("a note");
    assertThat(context.isOfFunction()).isFalse();
  }

  @Test
  void aRowMayHaveNoColumn() {
    CopyContext context = CopyContext.of("COPY orders, line 12: \"1\t, column id: x\"");

    assertThat(context).isEqualTo(new CopyContext(OptionalLong.of(12), Optional.empty(), false));
  }

  @Test
  void aColumnThatTheLoadHasNotIsNone() {
    assertThat(CopyContext.of("COPY orders, line 1, column idx: \"x\"").columnOf(COLUMNS))
        .isEmpty();
  }

  @Test
  void aFunctionMayBeAtWork() {
    assertThat(
            CopyContext.of(
                    "PL/pgSQL function refuse() line 1 at RAISE\nCOPY orders, line 3: \"1\tx\"")
                .isOfFunction())
        .isTrue();
    assertThat(CopyContext.of("SQL statement \"SELECT 1\"").isOfFunction()).isTrue();
  }

  @Test
  void noContextIsNone() {
    assertThat(CopyContext.of(null))
        .isEqualTo(new CopyContext(OptionalLong.empty(), Optional.empty(), false));
  }
}

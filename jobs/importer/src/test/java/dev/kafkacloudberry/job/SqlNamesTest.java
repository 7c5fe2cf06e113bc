package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlNamesTest {

  @ParameterizedTest
  @CsvSource({
    "kafka_test,`kafka_test`",
    "a.b.c,`a`.`b`.`c`",
    "`a.b`.c,`a.b`.`c`",
    "`a``.b`.c,`a``.b`.`c`",
    " a . b ,`a`.`b`",
    "select,`select`",
    "目标,`目标`"
  })
  void everyPartOfAPathIsQuoted(String path, String quoted) {
    assertThat(SqlNames.quotedPath(path)).isEqualTo(quoted);
  }

  @Test
  void columnsMayStandApartAndHoldAnythingInBackticks() {
    assertThat(SqlNames.quotedList(" a, b ,c.d,`e,f` ")).isEqualTo("`a`, `b`, `c.d`, `e,f`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a,,b", "a,", ",a", "``", "a, `` "})
  void emptyNamesAreRefused(String columns) {
    assertThatThrownBy(() -> SqlNames.quotedList(columns))
        .hasMessage("'" + columns + "' holds an empty name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"`a", "a`", "a`b", "`", "`a`b`", "```", "`a` FROM `b`"})
  void backticksHaveToPair(String path) {
    assertThatThrownBy(() -> SqlNames.quotedPath(path))
        .hasMessage("the backticks in '" + path + "' do not pair");
  }
}

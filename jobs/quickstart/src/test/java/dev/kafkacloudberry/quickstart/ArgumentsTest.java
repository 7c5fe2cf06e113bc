package dev.kafkacloudberry.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParameterException;

class ArgumentsTest {

  @Test
  void withoutArgumentsItIsAQuickCsvImport() {
    Arguments arguments = Arguments.parse();

    assertThat(arguments.rows()).isEqualTo(200_000);
    assertThat(arguments.format()).isEqualTo(MessageFormat.CSV);
    assertThat(arguments.keepRunning()).isFalse();
  }

  @Test
  void everyArgumentIsHeeded() {
    Arguments arguments = Arguments.parse("--rows", "1000", "--format", "json", "--keep-running");

    assertThat(arguments.rows()).isEqualTo(1000);
    assertThat(arguments.format()).isEqualTo(MessageFormat.JSON);
    assertThat(arguments.keepRunning()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--rows, --rows",
    "--rows=many, many",
    "--rows=99, 'from 100 on, not 99'",
    "--format=xml, xml",
    "--row=1, --row=1",
    "csv, csv"
  })
  void aWrongArgumentIsNamed(String argument, String words) {
    assertThatThrownBy(() -> Arguments.parse(argument))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining(words);
  }
}

package dev.kafkacloudberry.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageFormatTest {
  private static final Row ROW =
      new Row(
          -7,
          "a, \"b\"\n上海",
          LocalDate.of(1999, 12, 31),
          LocalDateTime.of(2024, 1, 31, 12, 0, 0, 1_000));
  private static final Row WHOLE_SECONDS =
      new Row(null, "", null, LocalDateTime.of(2024, 1, 31, 0, 0));
  private static final Row NOTHING = new Row(null, null, null, null);

  @Test
  void csvQuotesWhatNeedsIt() {
    assertThat(MessageFormat.CSV.encode(ROW))
        .isEqualTo("-7,\"a, \"\"b\"\"\n上海\",1999-12-31,2024-01-31 12:00:00.000001");
  }

  @Test
  void csvTellsAnEmptyTextFromNone() {
    assertThat(MessageFormat.CSV.encode(WHOLE_SECONDS)).isEqualTo(",\"\",,2024-01-31 00:00:00");
    assertThat(MessageFormat.CSV.encode(NOTHING)).isEqualTo(",,,");
  }

  @Test
  void jsonEscapesWhatNeedsIt() {
    assertThat(MessageFormat.JSON.encode(ROW))
        .isEqualTo(
            "{\"some_int\":-7,\"some_text\":\"a, \\\"b\\\"\\n上海\","
                + "\"some_date\":\"1999-12-31\",\"some_time\":\"2024-01-31 12:00:00.000001\"}");
  }

  @Test
  void jsonLeavesOutWhatIsNull() {
    assertThat(MessageFormat.JSON.encode(WHOLE_SECONDS))
        .isEqualTo("{\"some_text\":\"\",\"some_time\":\"2024-01-31 00:00:00\"}");
    assertThat(MessageFormat.JSON.encode(NOTHING)).isEqualTo("{}");
  }

  @ParameterizedTest
  @EnumSource
  void theFilesAreShipped(MessageFormat format) {
    Path project = Path.of("../..");

    assertThat(format.tables()).allSatisfy(file -> assertThat(project.resolve(file)).exists());
    assertThat(project.resolve(format.job())).exists();
    assertThat(project.resolve(format.tables().get(0))).content().contains(format.topic());
  }
}

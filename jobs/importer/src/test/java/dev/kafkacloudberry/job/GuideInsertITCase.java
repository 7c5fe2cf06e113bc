package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide's INSERT to the letter, with the NULL that has no type. */
@Timeout(120)
class GuideInsertITCase {

  private static final String INSERT =
      """
      INSERT INTO kafka_test(part, some_int, some_text)
      VALUES
          (0, 5464565, 'some text goes into partition 0'),
          (1, 5464565, 'some text goes into partition 1'),
          (0, 5464565, 'some text goes into partition 0'),
          (3, 5464565, 'some text goes into partition 3'),
          (NULL, 5464565, 'some text goes into partition selected by kafka');
      """;

  @TempDir private Path directory;

  @Test
  void aScriptProducesIntoThePartitionsAndReturnsWhenTheyAreThere() throws IOException {
    try (KafkaBroker broker = KafkaBroker.start()) {
      broker.createTopic("contrib_regress_csv", 4);
      StringWriter err = new StringWriter();

      int exitCode =
          ImportJob.run(
              Configuration.fromMap(Map.of("kafka.bootstrap.servers", broker.bootstrapServers())),
              new PrintWriter(new StringWriter()),
              new PrintWriter(err),
              "--tables",
              Path.of("../../sql/tables/kafka_test_csv.sql").toString(),
              "--sql",
              Files.writeString(directory.resolve("guide.sql"), INSERT).toString());

      assertThat(err.toString()).isEmpty();
      assertThat(exitCode).isZero();
      List<String> messages =
          broker.read("contrib_regress_csv").stream()
              .map(
                  message ->
                      message.partition()
                          + " "
                          + new String(message.value(), StandardCharsets.UTF_8))
              .toList();
      assertThat(messages)
          .hasSize(5)
          .contains(
              "0 5464565,some text goes into partition 0,,",
              "1 5464565,some text goes into partition 1,,",
              "3 5464565,some text goes into partition 3,,")
          .anyMatch(message -> message.endsWith("selected by kafka,,"));
    }
  }
}

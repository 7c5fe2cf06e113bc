package dev.kafkacloudberry.quickstart;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How messages are written, and which of the shipped files are for them. */
enum MessageFormat {
  CSV {
    @Override
    String encode(Row row) {
      return Stream.of(
              Optional.ofNullable(row.someInt()).map(String::valueOf),
              Optional.ofNullable(row.someText()).map(MessageFormat::quoted),
              Optional.ofNullable(row.someDate()).map(String::valueOf),
              Optional.ofNullable(row.someTime()).map(TIMESTAMP::format))
          .map(field -> field.orElse(""))
          .collect(Collectors.joining(","));
    }
  },

  JSON {
    @Override
    String encode(Row row) {
      StringWriter message = new StringWriter();
      try (JsonGenerator json = JSON_FACTORY.createGenerator(message)) {
        json.writeStartObject();
        if (row.someInt() != null) {
          json.writeNumberField("some_int", row.someInt());
        }
        if (row.someText() != null) {
          json.writeStringField("some_text", row.someText());
        }
        if (row.someDate() != null) {
          json.writeStringField("some_date", row.someDate().toString());
        }
        if (row.someTime() != null) {
          json.writeStringField("some_time", TIMESTAMP.format(row.someTime()));
        }
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return message.toString();
    }
  };

  /**
   * SQL's form of a timestamp: {@link LocalDateTime} writes a T, and leaves seconds of zero out.
   */
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT);

  private static final JsonFactory JSON_FACTORY = new JsonFactory();
  private static final Pattern NEEDS_QUOTES = Pattern.compile("[,\"\\s]|^$");

  /** The message that carries a row. */
  abstract String encode(Row row);

  /** The topic that the shipped table reads. */
  String topic() {
    return "contrib_regress_" + lowerCase();
  }

  /** The files that declare source and target, in {@code sql/}. */
  List<Path> tables() {
    return List.of(
        Path.of("sql/tables/kafka_test_" + lowerCase() + ".sql"),
        Path.of("sql/tables/dest_table_fdw.sql"));
  }

  /** The file that runs the import. */
  Path job() {
    return Path.of("sql/jobs/import_" + lowerCase() + ".sql");
  }

  private String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String quoted(String text) {
    return NEEDS_QUOTES.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}

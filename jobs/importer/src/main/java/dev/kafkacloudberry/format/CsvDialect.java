package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;

/** The characters that make fields of a message. */
record CsvDialect(byte delimiter, byte quote, byte escape, byte[] nullLiteral, boolean strict)
    implements Serializable {

  /**
   * @throws ValidationException for characters that would have two meanings
   */
  static CsvDialect of(ReadableConfig options) {
    byte delimiter = character(options, FormatOptions.DELIMITER);
    byte quote = character(options, FormatOptions.QUOTE);
    byte escape =
        options.getOptional(FormatOptions.ESCAPE).isPresent()
            ? character(options, FormatOptions.ESCAPE)
            : quote;
    String nullLiteral = options.get(FormatOptions.NULL_LITERAL);
    if (delimiter == quote) {
      throw new ValidationException(
          "'%s' and '%s' are the same character; give each its own."
              .formatted(FormatOptions.DELIMITER.key(), FormatOptions.QUOTE.key()));
    }
    if (nullLiteral.chars().anyMatch(c -> c == delimiter || c == quote || c == '\n' || c == '\r')) {
      throw new ValidationException(
          ("'%s' is '%s', which no field without quotes can be: it holds the delimiter, the quote"
                  + " or a line break.")
              .formatted(FormatOptions.NULL_LITERAL.key(), nullLiteral));
    }
    return new CsvDialect(
        delimiter,
        quote,
        escape,
        nullLiteral.getBytes(UTF_8),
        options.get(FormatOptions.CSV_STRICT));
  }

  private static byte character(ReadableConfig options, ConfigOption<String> option) {
    String value = options.get(option);
    String character = value.equals("\\t") ? "\t" : value;
    if (character.length() != 1
        || character.charAt(0) == 0
        || character.charAt(0) > 0x7F
        || character.equals("\n")
        || character.equals("\r")) {
      throw new ValidationException(
          "'%s' is '%s', which is not allowed: it is one ASCII character and no line break."
              .formatted(option.key(), value));
    }
    return (byte) character.charAt(0);
  }
}

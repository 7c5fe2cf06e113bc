package dev.kafkacloudberry.format;

import java.time.ZoneId;
import java.util.Map;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.TableConfigOptions;

/** The options of both formats. */
final class FormatOptions {

  static final ConfigOption<DateOrder> DATE_ORDER =
      ConfigOptions.key("date-order")
          .enumType(DateOrder.class)
          .defaultValue(DateOrder.MDY)
          .withDescription(
              "How 01/02/2003 is read, as PostgreSQL's DateStyle says it. A date that begins with a"
                  + " year of four digits needs none.");

  static final ConfigOption<Boolean> CSV_STRICT =
      ConfigOptions.key("strict")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a message with too few or too many fields is an error. Otherwise the missing"
                  + " ones are NULL, and those that are too many are not looked at.");

  static final ConfigOption<String> DELIMITER =
      ConfigOptions.key("delimiter")
          .stringType()
          .defaultValue(",")
          .withDescription("Between two fields: one ASCII character; \\t is the tab.");

  static final ConfigOption<String> QUOTE =
      ConfigOptions.key("quote")
          .stringType()
          .defaultValue("\"")
          .withDescription(
              "Around fields that hold a delimiter, a quote or a line break: one ASCII character.");

  static final ConfigOption<String> ESCAPE =
      ConfigOptions.key("escape")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Before a quote, or itself, in a quoted field: one ASCII character. By default the"
                  + " quote, which is then doubled.");

  static final ConfigOption<String> NULL_LITERAL =
      ConfigOptions.key("null-literal")
          .stringType()
          .defaultValue("")
          .withDescription(
              "What a field without quotes is that means NULL. By default the empty one; in quotes"
                  + " it is the empty string.");

  static final ConfigOption<Boolean> JSON_STRICT =
      ConfigOptions.key("strict")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a message is an error that lacks the key of a column, or has a key that is"
                  + " no column's. Otherwise the column is NULL, and the key is not looked at.");

  static final ConfigOption<Map<String, String>> KEYS =
      ConfigOptions.key("keys")
          .mapType()
          .noDefaultValue()
          .withDescription(
              "The JSON keys of columns that are named otherwise, like 'some_int:SomeInt,"
                  + "some_text:text-field'; or one option for each, like keys.some_int = 'SomeInt'.");

  private FormatOptions() {}

  /**
   * @param session the configuration of the session, which holds its time zone
   */
  static ReadingRules rules(ReadableConfig options, ReadableConfig session) {
    String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
    return new ReadingRules(
        options.get(DATE_ORDER),
        zone.equals(TableConfigOptions.LOCAL_TIME_ZONE.defaultValue())
            ? ZoneId.systemDefault()
            : ZoneId.of(zone));
  }
}

package dev.kafkacloudberry.cloudberry;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import dev.kafkacloudberry.format.PostgresCsvFormatFactory;
import dev.kafkacloudberry.format.PostgresJsonFormatFactory;
import dev.kafkacloudberry.kafka.KafkaPartitionedTableFactory;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.util.TimeUtils;

/** Writes docs/options.md from the options themselves. */
final class OptionsPage {

  private static final String PAGE =
      """
      # Options of the tables

      Written from the code by a test, which fails when this page is stale; to write it anew:

          %s

      ## `'connector' = 'cloudberry'`

      These stand in the `WITH` clause of a table. Where an option names a configuration key, that key sets it
      for all tables that leave it out, in Flink's `config.yaml`, with `SET` or with `--set`.

      | option | default | type | configuration key | description |
      |---|---|---|---|---|
      %s

      ## `'connector' = 'kafka-partitioned'`

      Flink's `kafka` table, with every option of it, and these of its own:

      | option | default | description |
      |---|---|---|
      %s

      Of Flink's options these have another default:

      | option | default | default of `kafka` |
      |---|---|---|
      | `%s` | configuration key `kafka.bootstrap.servers` | required |
      | `properties.*` | configuration keys `kafka.*`, if the brokers come from there | none |
      | `%s` | `earliest-offset` | `%s` |
      | `%s` | in batch mode `latest-offset`, else `%s` | `%s` |
      | `%s` | `10 s` | `%s` |
      | `properties.isolation.level` | `read_committed` | `read_uncommitted` |

      ## `'format' = 'postgres-csv'`

      The name of each is written behind that of the format: `'postgres-csv.strict' = 'true'`. [formats.md](formats.md)
      says how values are read.

      | option | default | description |
      |---|---|---|
      %s

      ## `'format' = 'postgres-json'`

      | option | default | description |
      |---|---|---|
      %s
      """;

  /** The options that all tables may share. */
  private static final Set<ConfigOption<?>> SHARED =
      Set.of(
          CloudberryOptions.URL,
          CloudberryOptions.USERNAME,
          CloudberryOptions.PASSWORD,
          CloudberryOptions.PASSWORD_FILE,
          CloudberryOptions.LEDGER_SCHEMA,
          CloudberryOptions.LOADED_BEFORE);

  private static final HtmlFormatter HTML = new HtmlFormatter();
  private static final CloudberryTableFactory FACTORY = new CloudberryTableFactory();

  /** An option, and the class of its values, which only its declaration tells. */
  private record Row(ConfigOption<?> option, Class<?> type) {

    static Row of(Field field) {
      try {
        ParameterizedType declared = (ParameterizedType) field.getGenericType();
        return new Row(
            (ConfigOption<?>) field.get(null), (Class<?>) declared.getActualTypeArguments()[0]);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }

    boolean isRequired() {
      return FACTORY.requiredOptions().contains(option);
    }

    String markdown() {
      return Stream.of(
              "`" + option.key() + "`",
              defaultValue(),
              typeName(),
              SHARED.contains(option)
                  ? "`" + CloudberryOptions.CONFIGURATION_PREFIX + option.key() + "`"
                  : "",
              HTML.format(option.description()).replace("|", "\\|"))
          .collect(joining(" | ", "| ", " |"));
    }

    private String defaultValue() {
      if (isRequired()) {
        return "required";
      }
      Object value = option.defaultValue();
      if (value instanceof Duration duration) {
        return "`" + TimeUtils.formatWithHighestUnit(duration) + "`";
      }
      if (value instanceof MemorySize size) {
        return "`" + size + "`";
      }
      return value == null ? "" : "`" + value + "`";
    }

    private String typeName() {
      return type.isEnum()
          ? Stream.of(type.getEnumConstants()).map(c -> "`" + c + "`").collect(joining(", "))
          : type.getSimpleName();
    }
  }

  private OptionsPage() {}

  /** The options on the page. */
  static List<ConfigOption<?>> options() {
    return rows().<ConfigOption<?>>map(Row::option).toList();
  }

  /**
   * @param regenerate the command that writes the page
   */
  static String markdown(String regenerate) {
    return PAGE.formatted(
        regenerate,
        rows().map(Row::markdown).collect(joining("\n")),
        table(optionsOfKafkaPartitioned()),
        KafkaConnectorOptions.PROPS_BOOTSTRAP_SERVERS.key(),
        KafkaConnectorOptions.SCAN_STARTUP_MODE.key(),
        KafkaConnectorOptions.SCAN_STARTUP_MODE.defaultValue(),
        KafkaConnectorOptions.SCAN_BOUNDED_MODE.key(),
        KafkaConnectorOptions.SCAN_BOUNDED_MODE.defaultValue(),
        KafkaConnectorOptions.SCAN_BOUNDED_MODE.defaultValue(),
        KafkaConnectorOptions.SCAN_TOPIC_PARTITION_DISCOVERY.key(),
        TimeUtils.formatWithHighestUnit(
            KafkaConnectorOptions.SCAN_TOPIC_PARTITION_DISCOVERY.defaultValue()),
        table(new PostgresCsvFormatFactory().optionalOptions()),
        table(new PostgresJsonFormatFactory().optionalOptions()));
  }

  private static Set<ConfigOption<?>> optionsOfKafkaPartitioned() {
    Set<ConfigOption<?>> options =
        new HashSet<>(new KafkaPartitionedTableFactory().optionalOptions());
    KafkaDynamicTableFactory flinks = new KafkaDynamicTableFactory();
    options.removeAll(flinks.optionalOptions());
    options.removeAll(flinks.requiredOptions());
    return options;
  }

  private static String table(Set<ConfigOption<?>> options) {
    return options.stream()
        .sorted(comparing(ConfigOption::key))
        .map(
            option ->
                "| `%s` | %s | %s |"
                    .formatted(
                        option.key(),
                        defaultOf(option),
                        HTML.format(option.description()).replace("|", "\\|")))
        .collect(joining("\n"));
  }

  private static String defaultOf(ConfigOption<?> option) {
    if (!option.hasDefaultValue()) {
      return "";
    }
    return "".equals(option.defaultValue()) ? "empty" : "`" + option.defaultValue() + "`";
  }

  private static Stream<Row> rows() {
    return Stream.concat(
            Stream.of(CloudberryOptions.class.getFields()),
            Stream.of(FactoryUtil.class.getFields())
                .filter(field -> field.getName().equals("SINK_PARALLELISM")))
        .map(Row::of)
        .sorted(comparing((Row row) -> !row.isRequired()).thenComparing(row -> row.option().key()));
  }
}

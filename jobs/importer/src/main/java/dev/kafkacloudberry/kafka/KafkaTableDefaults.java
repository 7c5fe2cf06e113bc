package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.PROPERTIES_PREFIX;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.PROPS_BOOTSTRAP_SERVERS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_TOPIC_PARTITION_DISCOVERY;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.factories.DynamicTableFactory.Context;
import org.apache.flink.table.factories.FactoryUtil.DefaultDynamicTableContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/**
 * What a table may leave unsaid: the brokers come from Flink's configuration, and with them how to
 * talk to them; reading starts at the oldest message, and in batch mode it stops at what is the
 * newest when the job starts.
 */
final class KafkaTableDefaults {

  /** Before the names of the clients' settings in Flink's configuration. */
  private static final String CONFIGURATION_PREFIX = "kafka.";

  /** Secrets whose names have none of the words by which Flink knows what to hide. */
  static final Set<String> NOT_HIDDEN =
      Set.of(
          SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
          SaslConfigs.SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_PASSPHRASE);

  static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key(CONFIGURATION_PREFIX + "bootstrap.servers")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The Kafka brokers, as host:port separated by commas, of the tables that do not name"
                  + " theirs in 'properties.bootstrap.servers'. Set in Flink's configuration.");

  private KafkaTableDefaults() {}

  /**
   * The table with its defaults for writing filled in.
   *
   * @throws ValidationException if neither the table nor the configuration names the brokers, and
   *     for a setting that the producer does not allow
   */
  static Context applyToSink(Context context) {
    Map<String, String> options = new HashMap<>(context.getCatalogTable().getOptions());
    fillIn(options, context);
    ClientSettings.ofProducer().check(options);
    return with(options, context);
  }

  /**
   * The table with its defaults for reading filled in: new partitions are soon found, and what a
   * transaction has not committed is not read.
   *
   * @throws ValidationException if neither the table nor the configuration names the brokers, for a
   *     setting that the consumer does not allow, and as {@link KafkaPartitionedOptions#apply}
   */
  static Context applyToSource(Context context) {
    Map<String, String> options = new HashMap<>(context.getCatalogTable().getOptions());
    // First: what the table says in either way comes before what the configuration says.
    KafkaPartitionedOptions.apply(options);
    fillIn(options, context);
    options.putIfAbsent(SCAN_TOPIC_PARTITION_DISCOVERY.key(), "10 s");
    options.putIfAbsent(
        PROPERTIES_PREFIX + ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        IsolationLevel.READ_COMMITTED.toString());
    ClientSettings.ofConsumer().check(options);
    return with(options, context);
  }

  private static void fillIn(Map<String, String> options, Context context) {
    ReadableConfig configuration = context.getConfiguration();
    // A password for the configured brokers is nothing for others.
    if (!options.containsKey(PROPS_BOOTSTRAP_SERVERS.key())) {
      requireBrokers(configuration, context.getObjectIdentifier());
      clientSettings(configuration)
          .forEach((setting, value) -> options.putIfAbsent(PROPERTIES_PREFIX + setting, value));
    }
    options.putIfAbsent(SCAN_STARTUP_MODE.key(), "earliest-offset");
    if (configuration.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH) {
      options.putIfAbsent(SCAN_BOUNDED_MODE.key(), "latest-offset");
    }
  }

  private static Map<String, String> clientSettings(ReadableConfig configuration) {
    Map<String, String> settings = new HashMap<>();
    configuration
        .toMap()
        .forEach(
            (key, value) -> {
              if (key.startsWith(CONFIGURATION_PREFIX)) {
                settings.put(key.substring(CONFIGURATION_PREFIX.length()), value);
              }
            });
    settings.forEach(KafkaTableDefaults::requireHidden);
    return settings;
  }

  private static void requireHidden(String setting, String value) {
    if (NOT_HIDDEN.contains(setting) && !value.contains("${")) {
      throw new ValidationException(
          "'%s%s' is in Flink's configuration, whose logs and web interface show it. Keep it in a file or a variable and refer to that, like ${file:/etc/flink/kafka.properties:key}."
              .formatted(CONFIGURATION_PREFIX, setting));
    }
  }

  private static Context with(Map<String, String> options, Context context) {
    return new DefaultDynamicTableContext(
        context.getObjectIdentifier(),
        context.getCatalogTable().copy(options),
        context.getEnrichmentOptions(),
        context.getConfiguration(),
        context.getClassLoader(),
        context.isTemporary());
  }

  private static void requireBrokers(ReadableConfig configuration, ObjectIdentifier table) {
    if (configuration.getOptional(BOOTSTRAP_SERVERS).isEmpty()) {
      throw new ValidationException(
          "The table %s does not say where its Kafka brokers are: set '%s' in Flink's configuration, or '%s' in the table's options."
              .formatted(
                  table.asSummaryString(), BOOTSTRAP_SERVERS.key(), PROPS_BOOTSTRAP_SERVERS.key()));
    }
  }
}

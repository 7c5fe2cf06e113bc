package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.PROPERTIES_PREFIX;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.PROPS_BOOTSTRAP_SERVERS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_TOPIC_PARTITION_DISCOVERY;

import java.util.HashMap;
import java.util.Map;
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

/**
 * What a table may leave unsaid: the brokers come from Flink's configuration, reading starts at the
 * oldest message, and in batch mode it stops at what is the newest when the job starts.
 */
final class KafkaTableDefaults {

  static final ConfigOption<String> BOOTSTRAP_SERVERS =
      ConfigOptions.key("kafka.bootstrap.servers")
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
    Map<String, String> options = options(context);
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
    Map<String, String> options = options(context);
    options.putIfAbsent(SCAN_TOPIC_PARTITION_DISCOVERY.key(), "10 s");
    options.putIfAbsent(
        PROPERTIES_PREFIX + ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        IsolationLevel.READ_COMMITTED.toString());
    KafkaPartitionedOptions.apply(options);
    ClientSettings.ofConsumer().check(options);
    return with(options, context);
  }

  private static Map<String, String> options(Context context) {
    ReadableConfig configuration = context.getConfiguration();
    Map<String, String> options = new HashMap<>(context.getCatalogTable().getOptions());
    options.computeIfAbsent(
        PROPS_BOOTSTRAP_SERVERS.key(),
        key -> brokers(configuration, context.getObjectIdentifier()));
    options.putIfAbsent(SCAN_STARTUP_MODE.key(), "earliest-offset");
    if (configuration.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH) {
      options.putIfAbsent(SCAN_BOUNDED_MODE.key(), "latest-offset");
    }
    return options;
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

  private static String brokers(ReadableConfig configuration, ObjectIdentifier table) {
    return configuration
        .getOptional(BOOTSTRAP_SERVERS)
        .orElseThrow(
            () ->
                new ValidationException(
                    "The table %s does not say where its Kafka brokers are: set '%s' in Flink's configuration, or '%s' in the table's options."
                        .formatted(
                            table.asSummaryString(),
                            BOOTSTRAP_SERVERS.key(),
                            PROPS_BOOTSTRAP_SERVERS.key())));
  }
}

package dev.kafkacloudberry.kafka;

import static dev.kafkacloudberry.kafka.KafkaPartitionedOptions.PROPERTIES_PREFIX;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.util.TemporaryClassLoaderContext;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/**
 * The settings of a Kafka client that a table hands on, which are checked when a query is planned:
 * the client would see them when the job is on its way.
 *
 * @param known of the client
 */
record ClientSettings(ConfigDef known) {

  static ClientSettings ofConsumer() {
    return of(ConsumerConfig::configDef);
  }

  static ClientSettings ofProducer() {
    return of(ProducerConfig::configDef);
  }

  /**
   * Kafka looks up its own classes by the thread's class loader, which is not that of the jar when
   * the SQL client plans a query.
   */
  @SuppressWarnings("try")
  private static ClientSettings of(Supplier<ConfigDef> known) {
    try (TemporaryClassLoaderContext jar =
        TemporaryClassLoaderContext.of(ClientSettings.class.getClassLoader())) {
      return new ClientSettings(known.get());
    }
  }

  /**
   * @throws ValidationException for a value that the client does not allow
   */
  void check(Map<String, String> options) {
    options.forEach(
        (option, value) -> {
          if (option.startsWith(PROPERTIES_PREFIX)) {
            ConfigKey key = known.configKeys().get(option.substring(PROPERTIES_PREFIX.length()));
            // Classes are found where the job runs.
            if (key != null && key.type != ConfigDef.Type.CLASS) {
              check(key, value);
            }
          }
        });
  }

  private static void check(ConfigKey key, String value) {
    try {
      Object parsed = ConfigDef.parseType(key.name, value, key.type);
      if (key.validator != null) {
        key.validator.ensureValid(key.name, parsed);
      }
    } catch (ConfigException e) {
      throw new ValidationException(
          "'%s%s' is not allowed: %s.".formatted(PROPERTIES_PREFIX, key.name, e.getMessage()), e);
    }
  }
}

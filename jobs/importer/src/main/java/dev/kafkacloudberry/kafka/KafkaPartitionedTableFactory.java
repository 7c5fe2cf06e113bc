package dev.kafkacloudberry.kafka;

import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.PROPS_BOOTSTRAP_SERVERS;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;

/**
 * The table {@code 'connector' = 'kafka-partitioned'}: Flink's Kafka table, which accepts every
 * option of it, with the defaults that {@link KafkaTableDefaults} describes.
 */
public final class KafkaPartitionedTableFactory extends KafkaDynamicTableFactory {

  static final String IDENTIFIER = "kafka-partitioned";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new HashSet<>(super.optionalOptions());
    options.add(PROPS_BOOTSTRAP_SERVERS);
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    return super.createDynamicTableSource(KafkaTableDefaults.applyTo(context));
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return super.createDynamicTableSink(KafkaTableDefaults.applyTo(context));
  }
}

package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.junit.jupiter.api.Test;

class KafkaTableDefaultsTest {

  private static final String BROKERS = "properties.bootstrap.servers";

  private final Configuration configuration =
      new Configuration().set(KafkaTableDefaults.BOOTSTRAP_SERVERS, "configured:9092");

  @Test
  void whatATableLeavesUnsaidIsFilledIn() {
    assertThat(withDefaults(Map.of("topic", "t")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "topic", "t", BROKERS, "configured:9092", "scan.startup.mode", "earliest-offset"));
  }

  @Test
  void inBatchModeReadingStopsAtTheNewestMessage() {
    configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);

    assertThat(withDefaults(Map.of())).containsEntry("scan.bounded.mode", "latest-offset");
  }

  @Test
  void whatATableSaysStays() {
    configuration.set(ExecutionOptions.RUNTIME_MODE, RuntimeExecutionMode.BATCH);
    Map<String, String> options =
        Map.of(
            BROKERS,
            "own:9092",
            "scan.startup.mode",
            "latest-offset",
            "scan.bounded.mode",
            "timestamp");

    assertThat(withDefaults(options)).isEqualTo(options);
  }

  @Test
  void aTableWithoutBrokersIsRefusedNamingBothKeys() {
    configuration.removeConfig(KafkaTableDefaults.BOOTSTRAP_SERVERS);

    assertThatThrownBy(() -> withDefaults(Map.of()))
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "The table c.d.kafka_test does not say where its Kafka brokers are: set"
                + " 'kafka.bootstrap.servers' in Flink's configuration, or"
                + " 'properties.bootstrap.servers' in the table's options.");
  }

  @Test
  void everyOptionOfFlinksKafkaTableIsAccepted() {
    KafkaDynamicTableFactory flinks = new KafkaDynamicTableFactory();
    KafkaDynamicTableFactory ours = new KafkaPartitionedTableFactory();

    assertThat(ours.requiredOptions()).isEmpty();
    assertThat(ours.optionalOptions())
        .containsAll(flinks.optionalOptions())
        .containsAll(flinks.requiredOptions());
  }

  @Test
  void sourceAndSinkAreFoundByTheConnectorsName() {
    Map<String, String> options = new HashMap<>();
    options.put("connector", KafkaPartitionedTableFactory.IDENTIFIER);
    options.put("topic", "t");
    options.put("format", "json");
    options.put("properties.max.poll.records", "7");
    DynamicTableFactory.Context context = context(options);

    assertThat(
            FactoryUtil.createDynamicTableSource(
                null,
                context.getObjectIdentifier(),
                context.getCatalogTable(),
                Map.of(),
                configuration,
                context.getClassLoader(),
                false))
        .isNotNull();
    assertThat(
            FactoryUtil.createDynamicTableSink(
                null,
                context.getObjectIdentifier(),
                context.getCatalogTable(),
                Map.of(),
                configuration,
                context.getClassLoader(),
                false))
        .isNotNull();
  }

  private Map<String, String> withDefaults(Map<String, String> options) {
    return KafkaTableDefaults.applyTo(context(options)).getCatalogTable().getOptions();
  }

  private DynamicTableFactory.Context context(Map<String, String> options) {
    ResolvedSchema schema = ResolvedSchema.of(List.of(Column.physical("a", DataTypes.INT())));
    CatalogTable table =
        CatalogTable.newBuilder()
            .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
            .options(options)
            .build();
    return new FactoryUtil.DefaultDynamicTableContext(
        ObjectIdentifier.of("c", "d", "kafka_test"),
        new ResolvedCatalogTable(table, schema),
        Map.of(),
        configuration,
        getClass().getClassLoader(),
        false);
  }
}

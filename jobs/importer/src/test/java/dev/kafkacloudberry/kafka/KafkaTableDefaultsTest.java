package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.GlobalConfiguration;
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
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void readersFindNewPartitionsSoonAndReadWhatIsCommitted() {
    assertThat(withSourceDefaults(Map.of()))
        .containsEntry("scan.topic-partition-discovery.interval", "10 s")
        .containsEntry("properties.isolation.level", "read_committed");
    assertThat(withSourceDefaults(Map.of("properties.isolation.level", "read_uncommitted")))
        .containsEntry("properties.isolation.level", "read_uncommitted");
  }

  @Test
  void theGuidesParametersAreTheConsumersSettings() {
    assertThat(withSourceDefaults(Map.of("batch-size", "1000", "buffer-delay", "1000")))
        .containsEntry("properties.max.poll.records", "1000")
        .containsEntry("properties.fetch.max.wait.ms", "1000");
    assertThat(withSourceDefaults(Map.of("buffer-delay", "2 s")))
        .containsEntry("properties.fetch.max.wait.ms", "2000");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "batch-size, 0, a whole number from 1 up",
        "batch-size, many, a whole number from 1 up",
        "buffer-delay, 21 s, \"a duration from 1 ms to 20 s, like '1 s'\"",
        "buffer-delay, 0, \"a duration from 1 ms to 20 s, like '1 s'\"",
        "buffer-delay, soon, \"a duration from 1 ms to 20 s, like '1 s'\""
      })
  void aValueThatIsNotAllowedIsRefusedSayingWhatIs(String key, String value, String allowed) {
    assertThatThrownBy(() -> withSourceDefaults(Map.of(key, value)))
        .isInstanceOf(ValidationException.class)
        .hasMessage("'%s' is '%s', which is not allowed: it is %s.".formatted(key, value, allowed));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "max.poll.records, abc, Not a number of type INT",
        "max.poll.records, 0, Value must be at least 1",
        "fetch.max.wait.ms, -1, Value must be at least 0",
        "isolation.level, foo, \"String must be one of: read_committed, read_uncommitted\"",
        "auto.offset.reset, foo, Invalid value foo",
        "enable.auto.commit, maybe, Expected value to be either true or false"
      })
  void aSettingThatTheConsumerDoesNotAllowIsRefused(String setting, String value, String reason) {
    assertThatThrownBy(() -> withSourceDefaults(Map.of("properties." + setting, value)))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("'properties.%s' is not allowed: ", setting)
        .hasMessageContaining(value)
        .hasMessageContaining(reason);
  }

  @Test
  void aSettingThatTheProducerDoesNotAllowIsRefused() {
    assertThatThrownBy(() -> withDefaults(Map.of("properties.acks", "some")))
        .isInstanceOf(ValidationException.class)
        .hasMessageStartingWith("'properties.acks' is not allowed: ");
    assertThatThrownBy(() -> withDefaults(Map.of("properties.linger.ms", "soon")))
        .isInstanceOf(ValidationException.class);
  }

  @Test
  void settingsThatAreNotTheClientsAreHandedOn() {
    Map<String, String> settings =
        Map.of(
            "properties.linger.ms", "5",
            "properties.my.own", "anything",
            "properties.sasl.client.callback.handler.class", "not.here.YetHandler");
    assertThat(withSourceDefaults(settings)).containsAllEntriesOf(settings);
    assertThat(withDefaults(settings)).containsAllEntriesOf(settings);
  }

  @Test
  void aSettingGivenTwiceIsRefused() {
    assertThatThrownBy(
            () -> withSourceDefaults(Map.of("batch-size", "7", "properties.max.poll.records", "8")))
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "'batch-size' and 'properties.max.poll.records' are the same setting: give one of"
                + " them.");
  }

  @Test
  void theConfigurationTellsHowToTalkToItsBrokers() {
    configuration.setString("kafka.security.protocol", "SASL_SSL");
    configuration.setString("kafka.isolation.level", "read_uncommitted");
    configuration.setString("kafka.max.poll.records", "7");
    configuration.setString("kafkaesque", "no setting");

    assertThat(withDefaults(Map.of()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                BROKERS,
                "configured:9092",
                "properties.security.protocol",
                "SASL_SSL",
                "properties.isolation.level",
                "read_uncommitted",
                "properties.max.poll.records",
                "7",
                "scan.startup.mode",
                "earliest-offset"));
    assertThat(withSourceDefaults(Map.of("properties.security.protocol", "SSL", "batch-size", "8")))
        .containsEntry("properties.security.protocol", "SSL")
        .containsEntry("properties.isolation.level", "read_uncommitted")
        .containsEntry("properties.max.poll.records", "8");
  }

  @Test
  void brokersThatATableNamesAreToldNothingOfTheConfiguredOnes() {
    configuration.setString("kafka.sasl.jaas.config", "a password");

    assertThat(withSourceDefaults(Map.of(BROKERS, "own:9092")))
        .doesNotContainKey("properties.sasl.jaas.config");
  }

  @Test
  void aSecretThatFlinkWouldShowIsRefusedButInAFile() {
    configuration.setString("kafka.ssl.keystore.key", "${file:/secrets:key}");
    assertThat(withDefaults(Map.of()))
        .containsEntry("properties.ssl.keystore.key", "${file:/secrets:key}");

    configuration.setString("kafka.ssl.keystore.key", "-----BEGIN PRIVATE KEY-----");
    assertThatThrownBy(() -> withDefaults(Map.of()))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("'kafka.ssl.keystore.key'")
        .hasMessageNotContaining("BEGIN");
  }

  @Test
  void flinkHidesEveryOtherSecretOfTheClients() {
    Set<String> certificates =
        Set.of("ssl.keystore.certificate.chain", "ssl.truststore.certificates");

    assertThat(
            Stream.of(ClientSettings.ofConsumer(), ClientSettings.ofProducer())
                .flatMap(settings -> settings.known().configKeys().values().stream())
                .filter(key -> key.type == ConfigDef.Type.PASSWORD)
                .map(key -> key.name)
                .filter(name -> !GlobalConfiguration.isSensitive("kafka." + name))
                .filter(name -> !certificates.contains(name))
                .collect(Collectors.toSet()))
        .isEqualTo(KafkaTableDefaults.NOT_HIDDEN);
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
    return KafkaTableDefaults.applyToSink(context(options)).getCatalogTable().getOptions();
  }

  private Map<String, String> withSourceDefaults(Map<String, String> options) {
    return KafkaTableDefaults.applyToSource(context(options)).getCatalogTable().getOptions();
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

package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.SaslLogin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Settings that do not fit what the brokers ask for are told in time, also by jobs that restart
 * without end, and nothing ever tells the password.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SecuritySettingsITCase {

  private static final SaslLogin LOGIN = new SaslLogin("importer", "open-sesame");
  private static final SaslLogin WRONG_LOGIN = new SaslLogin("importer", "close-sesame");
  private static final String JAAS = "sasl.jaas.config";
  private static final String PASSWORDS = "sesame";

  /** More than the table's few seconds, for a busy machine, and less than Kafka's own minute. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(50);

  @TempDir private Path directory;

  private static KafkaBroker broker;
  private static InfoLog log;

  /** What can be wrong, and what is said about it. */
  enum Mistake {
    WRONG_PASSWORD(true, WRONG_LOGIN.clientProperties(), "Invalid username or password"),
    WRONG_MECHANISM(
        true,
        with("sasl.mechanism", "SCRAM-SHA-256", jaas().replace("plain.Plain", "scram.Scram")),
        "enabled mechanisms are [PLAIN]"),
    NO_LOGIN(true, Map.of(), "'properties.*'"),
    LOGIN_WHERE_NONE_IS_ASKED_FOR(false, LOGIN.clientProperties(), "enabled mechanisms are []"),
    TLS_WHERE_THERE_IS_NONE(false, Map.of("security.protocol", "SSL"), "'properties.*'"),
    JAAS_CONFIG_WITHOUT_ITS_SEMICOLON(
        true, with("sasl.mechanism", "PLAIN", jaas().replace(";", "")), "semi-colon");

    private final boolean asksForLogin;
    private final Map<String, String> properties;
    private final String reason;

    Mistake(boolean asksForLogin, Map<String, String> properties, String reason) {
      this.asksForLogin = asksForLogin;
      this.properties = properties;
      this.reason = reason;
    }

    String brokers() {
      return asksForLogin ? broker.saslBootstrapServers() : broker.bootstrapServers();
    }

    private static String jaas() {
      return LOGIN.clientProperties().get(JAAS);
    }

    private static Map<String, String> with(String key, String value, String jaas) {
      Map<String, String> properties = new HashMap<>(LOGIN.clientProperties());
      properties.put(key, value);
      properties.put(JAAS, jaas);
      return properties;
    }
  }

  @BeforeAll
  static void start() {
    log = InfoLog.start();
    broker = KafkaBroker.start(LOGIN);
    broker.createTopic("secured", 1);
    broker.produce("secured", List.of(Message.of("1"), Message.of("2")));
    // The first query of a JVM takes long, which is not what is measured.
    tables(RuntimeExecutionMode.BATCH).rows("SELECT 1");
  }

  @AfterAll
  static void stop() {
    broker.close();
    String logged = log.text();
    log.close();
    assertThat(logged).contains("sasl.jaas.config = [hidden]").doesNotContain(PASSWORDS);
  }

  @Test
  void theRightOnesReadInBatchAndInStreamingModeAndWrite() throws Exception {
    broker.createTopic("written", 1);
    KafkaTables batch = tables(RuntimeExecutionMode.BATCH);
    table(batch, "secured", broker.saslBootstrapServers(), LOGIN.clientProperties());
    table(batch, "written", broker.saslBootstrapServers(), LOGIN.clientProperties());
    KafkaTables streaming = tables(RuntimeExecutionMode.STREAMING);
    table(streaming, "secured", broker.saslBootstrapServers(), LOGIN.clientProperties());

    batch.environment().executeSql("INSERT INTO written (n) SELECT n FROM secured").await();

    assertThat(batch.rows("SELECT n FROM written WHERE part = 0 AND offs > 0"))
        .containsExactly("2");
    try (KafkaTables.RunningQuery query = streaming.run("SELECT n FROM secured")) {
      assertThat(query.next(2)).containsExactly("1", "2");
    }
  }

  @Test
  void theLoginMayStandInAFile() throws Exception {
    Path file = directory.resolve("kafka.properties");
    Files.writeString(file, "login = " + LOGIN.clientProperties().get(JAAS));
    Map<String, String> properties = new HashMap<>(LOGIN.clientProperties());
    properties.put(JAAS, "${file:%s:login}".formatted(file));
    properties.put("config.providers", "file");
    properties.put("config.providers.file.class", FileConfigProvider.class.getName());
    broker.createTopic("written_with_file", 1);
    KafkaTables tables = tables(RuntimeExecutionMode.BATCH);
    table(tables, "written_with_file", broker.saslBootstrapServers(), properties);

    tables.environment().executeSql("INSERT INTO written_with_file (n) VALUES (1)").await();

    assertThat(tables.rows("SELECT n FROM written_with_file")).containsExactly("1");
    assertThat(tables.rows("SHOW CREATE TABLE written_with_file").toString())
        .doesNotContain(PASSWORDS);
  }

  @ParameterizedTest
  @EnumSource
  void wrongOnesEndABatchQuery(Mistake mistake) {
    KafkaTables tables = tables(RuntimeExecutionMode.BATCH);
    table(tables, "secured", mistake.brokers(), mistake.properties);

    assertFailsInTime(() -> tables.rows("SELECT n FROM secured"), mistake);
  }

  @ParameterizedTest
  @EnumSource
  void wrongOnesEndAStreamingQuery(Mistake mistake) {
    KafkaTables tables = tables(RuntimeExecutionMode.STREAMING);
    table(tables, "secured", mistake.brokers(), mistake.properties);

    assertFailsInTime(() -> tables.rows("SELECT n FROM secured"), mistake);
  }

  @ParameterizedTest
  @EnumSource
  void wrongOnesEndAnInsert(Mistake mistake) {
    KafkaTables tables = tables(RuntimeExecutionMode.STREAMING);
    table(tables, "secured", mistake.brokers(), mistake.properties);

    assertFailsInTime(
        () -> tables.environment().executeSql("INSERT INTO secured (n) VALUES (3)").await(),
        mistake);
  }

  private static void assertFailsInTime(ThrowingCallable statement, Mistake mistake) {
    Instant start = Instant.now();

    assertThatThrownBy(statement)
        .satisfies(
            error -> assertThat(ExceptionUtils.stringifyException(error)).doesNotContain(PASSWORDS))
        .rootCause()
        .hasMessageContainingAll("secured", mistake.brokers(), mistake.reason);
    assertThat(Duration.between(start, Instant.now())).isLessThan(LONGEST_WAIT);
  }

  @Test
  void noPlanTellsThePassword() {
    KafkaTables tables = tables(RuntimeExecutionMode.STREAMING);
    table(tables, "secured", broker.saslBootstrapServers(), LOGIN.clientProperties());

    assertThat(
            tables
                .environment()
                .explainSql(
                    "SELECT * FROM secured WHERE part = 0",
                    ExplainDetail.JSON_EXECUTION_PLAN,
                    ExplainDetail.ESTIMATED_COST))
        .contains("partition 0")
        .doesNotContain(PASSWORDS);
    assertThat(
            tables
                .environment()
                .explainSql(
                    "INSERT INTO secured (n) VALUES (1)", ExplainDetail.JSON_EXECUTION_PLAN))
        .contains("secured")
        .doesNotContain(PASSWORDS);
  }

  @Test
  void noErrorAboutAnOptionTellsThePassword() {
    KafkaTables tables = tables(RuntimeExecutionMode.STREAMING);
    table(tables, "secured", broker.saslBootstrapServers(), LOGIN.clientProperties());
    tables.environment().executeSql("ALTER TABLE secured SET ('batch-size' = 'all')");

    assertThat(
            ExceptionUtils.stringifyException(
                catchThrowable(() -> tables.rows("SELECT n FROM secured"))))
        .contains("batch-size", "properties.sasl.jaas.config")
        .doesNotContain(PASSWORDS);
  }

  private static void table(
      KafkaTables tables, String topic, String brokers, Map<String, String> properties) {
    tables
        .environment()
        .executeSql(
            """
            CREATE TABLE %1$s (
              part INT METADATA FROM 'partition',
              offs BIGINT METADATA FROM 'offset' VIRTUAL,
              n INT
            ) WITH (
              'connector' = 'kafka-partitioned',
              'topic' = '%1$s',
              'properties.bootstrap.servers' = '%2$s',
              %3$s
              'properties.request.timeout.ms' = '2000',
              'properties.default.api.timeout.ms' = '4000',
              'properties.max.block.ms' = '4000',
              'format' = 'csv'
            )
            """
                .formatted(
                    topic,
                    brokers,
                    properties.entrySet().stream()
                        .map(
                            entry ->
                                "'properties.%s' = '%s',"
                                    .formatted(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining("\n"))));
  }

  private static KafkaTables tables(RuntimeExecutionMode mode) {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
    return KafkaTables.of(broker.bootstrapServers(), mode, configuration);
  }
}

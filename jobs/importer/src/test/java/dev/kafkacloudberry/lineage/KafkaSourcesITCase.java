package dev.kafkacloudberry.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom the plan of a query names, asked for the ids of their topics. */
class KafkaSourcesITCase {

  private static final String SECRET = "do-not-print";

  @AutoClose private static final KafkaBroker kafka = KafkaBroker.start();

  @ParameterizedTest
  @ValueSource(strings = {"kafka", "kafka-partitioned"})
  void aTopicThatIsCreatedAgainHasAnotherId(String connector) throws Exception {
    String topic = "recreated-" + connector;
    kafka.createTopic(topic, 1);
    KafkaSources sources = throughBytes(sourcesOf(connector, "'topic' = '" + topic + "'", "t"));
    String before = sources.topicId(topic).orElseThrow();
    assertThat(sources.topicId(topic)).contains(before);

    kafka.deleteTopic(topic);
    assertThat(sources.topicId(topic)).isEmpty();
    kafka.createTopic(topic, 1);

    assertThat(sources.topicId(topic)).isPresent().get().isNotEqualTo(before);
  }

  @Test
  void aTopicIsFoundBehindJoinsAndPatterns() throws Exception {
    kafka.createTopic("pattern-1", 1);
    kafka.createTopic("other", 1);
    KafkaSources sources =
        sourcesOf(
            "kafka",
            "'topic-pattern' = 'pattern-.*'",
            "(SELECT l.n FROM t AS l JOIN t AS r ON l.n = r.n UNION ALL SELECT 1)");

    assertThat(sources.topicId("pattern-1")).isPresent();
    assertThat(sources.topicId("other")).isEmpty();
  }

  @Test
  void oneNameInTwoClustersIsRefusedWhereItMatters() throws Exception {
    try (KafkaBroker another = KafkaBroker.start()) {
      for (KafkaBroker each : List.of(kafka, another)) {
        each.createTopic("shared", 1);
      }
      kafka.createTopic("single", 1);
      KafkaSources sources =
          new KafkaSources(
              List.of(
                  source(kafka.bootstrapServers(), "shared", "single"),
                  source(another.bootstrapServers(), "shared")));

      assertThat(sources.topicId("single")).isPresent();
      assertThatIllegalStateException()
          .isThrownBy(() -> sources.topicId("shared"))
          .withMessageContaining("'shared'")
          .withMessageContaining(kafka.bootstrapServers())
          .withMessageContaining(another.bootstrapServers())
          .withMessageContaining("'sink.id'");
    }
  }

  @Test
  void oneClusterByTwoAddressesIsOneCluster() throws Exception {
    kafka.createTopic("twice", 1);
    String port = kafka.bootstrapServers().replaceFirst(".*:", "");
    KafkaSources sources =
        new KafkaSources(
            List.of(source("localhost:" + port, "twice"), source("127.0.0.1:" + port, "twice")));

    assertThat(sources.topicId("twice")).isPresent();
  }

  @Test
  void brokersThatDoNotAnswerAreNamedAndNoSettingsAre() {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", "localhost:1");
    properties.setProperty("default.api.timeout.ms", "200");
    properties.setProperty("request.timeout.ms", "100");
    properties.setProperty("ssl.key.password", SECRET);
    KafkaSources sources =
        new KafkaSources(List.of(new SourceTopics(properties, List.of("orders"), List.of())));

    IOException failure = catchThrowableOfType(IOException.class, () -> sources.topicId("orders"));

    assertThat(failure.getMessage()).contains("localhost:1", "'orders'");
    assertThat(failure).hasStackTraceContaining("localhost:1");
    assertThat(failure.toString() + failure.getCause() + sources).doesNotContain(SECRET);
  }

  private static SourceTopics source(String brokers, String... topics) {
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", brokers);
    return new SourceTopics(properties, List.of(topics), List.<Pattern>of());
  }

  /** The sources of the rows of a table or a query in parentheses, with t as the Kafka table. */
  private static KafkaSources sourcesOf(String connector, String topic, String from) {
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.executeSql(
        """
        CREATE TABLE t (n INT) WITH (
          'connector' = '%s', %s, 'scan.startup.mode' = 'earliest-offset', 'format' = 'csv',
          'properties.bootstrap.servers' = '%s')
        """
            .formatted(connector, topic, kafka.bootstrapServers()));
    return KafkaSources.of(
        tables.toDataStream(tables.sqlQuery("SELECT n FROM " + from + " AS rows_")));
  }

  private static KafkaSources throughBytes(KafkaSources sources) throws Exception {
    return InstantiationUtil.clone(sources);
  }
}

package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.FlinkCluster;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of rows on a cluster that restarts jobs without end. */
@Timeout(120)
class DeliveryITCase {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static KafkaBroker broker;
  private static FlinkCluster flink;
  private static final AtomicInteger taskManagers = new AtomicInteger(1);

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    flink = FlinkCluster.start(taskManagers.get(), 2);
  }

  @AfterAll
  static void stop() {
    try (KafkaBroker first = broker;
        FlinkCluster second = flink) {
      assertThat(first).isNotNull();
      assertThat(second).isNotNull();
    }
  }

  @Test
  void aMessageThatTheBrokerRefusesFailsTheInsert() {
    broker.createTopic("small", 1, Map.of("max.message.bytes", "200"));
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "small", "");

    assertThat(failureOf(() -> insert(tables, "INSERT INTO small VALUES (0, REPEAT('x', 1000))")))
        .contains("A row cannot be delivered to small at " + broker.bootstrapServers());
  }

  @Test
  void aMessageThatTheProducerRefusesFailsTheInsert() {
    broker.createTopic("short_requests", 1);
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "short_requests", ", 'properties.max.request.size' = '200'");

    assertThat(
            failureOf(
                () -> insert(tables, "INSERT INTO short_requests VALUES (0, REPEAT('x', 1000))")))
        .contains("A row cannot be delivered to short_requests at ", "max.request.size");
  }

  @Test
  void aRefusedMessageEndsAJobThatWaitsForRows() {
    broker.createTopic("large_rows", 1);
    broker.createTopic("small_target", 1, Map.of("max.message.bytes", "200"));
    broker.produce("large_rows", Message.of("{\"v\":\"" + "x".repeat(1000) + "\"}"));
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "large_rows", "");
    table(tables, "small_target", "");

    assertThat(
            failureOf(() -> insert(tables, "INSERT INTO small_target SELECT 0, v FROM large_rows")))
        .contains("A row cannot be delivered to small_target at ");
  }

  @Test
  void aTopicThatDoesNotExistFailsTheInsertNamingItAndTheBrokers() {
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "nowhere", ", 'properties.max.block.ms' = '1000'");

    assertThat(failureOf(() -> insert(tables, "INSERT INTO nowhere VALUES (0, 'v')")))
        .contains("The topic 'nowhere' cannot be written to", broker.bootstrapServers());
  }

  @Test
  void brokersThatDoNotAnswerFailTheInsertNamingThem() {
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(
        tables,
        "unanswered",
        ", 'properties.max.block.ms' = '1000', 'properties.bootstrap.servers' = '127.0.0.1:1'");

    assertThat(failureOf(() -> insert(tables, "INSERT INTO unanswered VALUES (0, 'v')")))
        .contains("The topic 'unanswered' cannot be written to", "the brokers at '127.0.0.1:1'");
  }

  @Test
  void aPartitionThatDoesNotExistIsNotTriedAgain() {
    broker.createTopic("two_partitions", 2);
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "two_partitions", "");

    assertThat(failureOf(() -> insert(tables, "INSERT INTO two_partitions VALUES (2, 'v')")))
        .contains("the partition 2 of the topic 'two_partitions', which has 2 partitions, 0 to 1");
  }

  @Test
  void aPartitionThatIsAddedWhileTheJobRunsIsWrittenTo() throws Exception {
    broker.createTopic("four", 4);
    broker.createTopic("growing", 2);
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING);
    table(tables, "four", "");
    table(tables, "growing", "");
    JobID job = submit(tables, "INSERT INTO growing SELECT part, v FROM four");
    broker.produce("four", Message.of("{\"v\":\"before\"}").to(1));
    awaitWritten("growing", 1);
    try (Admin admin = admin()) {
      admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4))).all().get();
    }
    broker.produce("four", Message.of("{\"v\":\"after\"}").to(3));
    awaitWritten("growing", 2);
    flink.cancel(job);

    assertThat(messages("growing")).containsExactly("1 {\"v\":\"before\"}", "3 {\"v\":\"after\"}");
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAMING", "BATCH"})
  void anExactlyOnceInsertIsCommittedWhenItReturns(RuntimeExecutionMode mode) throws Exception {
    String topic = "committed_" + mode.name().toLowerCase(Locale.ROOT);
    broker.createTopic(topic, 3);
    TableEnvironment tables = environment(mode);
    table(tables, topic, exactlyOnce(topic));
    insert(tables, "INSERT INTO %s VALUES (0, 'a'), (2, 'b'), (2, 'c')".formatted(topic));

    assertThat(messages(topic))
        .containsExactlyInAnyOrder("0 {\"v\":\"a\"}", "2 {\"v\":\"b\"}", "2 {\"v\":\"c\"}");
    assertThat(openTransactions(topic)).isEmpty();
  }

  @Test
  void rowsThatACrashUndoesAreThereExactlyOnce() throws Exception {
    JobID job = copyExactlyOnce("crashing");
    produce("crashing", 0, 10);
    awaitWritten("crashing_copy", 10);
    flink.triggerCheckpoint(job);
    await().atMost(TIMEOUT).until(() -> messages("crashing_copy").size() == 10);
    produce("crashing", 10, 20);
    // Ten rows and a commit marker for each of the two partitions that hold them.
    awaitWritten("crashing_copy", 22);

    flink.killTaskManager(taskManagers.getAndIncrement() - 1);
    flink.startTaskManager();
    // The rows of the aborted transaction, its markers, and the rows once more.
    awaitWritten("crashing_copy", 34);
    flink.stopWithSavepoint(job, flink.directory().resolve("stopped"));

    assertThat(messages("crashing_copy"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).mapToObj(i -> i % 2 + " {\"v\":\"" + i + "\"}").toList());
  }

  @Test
  void aTransactionThatKafkaHasAbortedFailsTheJob() throws Exception {
    JobID job = copyExactlyOnce("aborted");
    produce("aborted", 0, 2);
    awaitWritten("aborted_copy", 2);
    try (Admin admin = admin()) {
      admin.fenceProducers(openTransactions("aborted_copy")).all().get();
    }
    flink.triggerCheckpoint(job);

    assertThat(flink.awaitEnd(job, TIMEOUT).getSerializedThrowable())
        .hasValueSatisfying(
            error ->
                assertThat(ExceptionUtils.stringifyException(error))
                    .contains("The rows of a transaction are not in aborted_copy at "));
    assertThat(messages("aborted_copy")).isEmpty();
  }

  /** Starts a job that copies a topic of two partitions, and checkpoints when it is told to. */
  private static JobID copyExactlyOnce(String topic) {
    broker.createTopic(topic, 2);
    broker.createTopic(topic + "_copy", 2);
    TableEnvironment tables = environment(RuntimeExecutionMode.STREAMING, Duration.ofDays(1));
    table(tables, topic, "");
    table(tables, topic + "_copy", exactlyOnce(topic + "_copy"));
    return submit(tables, "INSERT INTO %1$s_copy SELECT part, v FROM %1$s".formatted(topic));
  }

  private static JobID submit(TableEnvironment tables, String statement) {
    JobID job = tables.executeSql(statement).getJobClient().orElseThrow().getJobID();
    flink.awaitRunning(job);
    return job;
  }

  private static String exactlyOnce(String topic) {
    return ", 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = '%s'"
        .formatted(topic);
  }

  private static void produce(String topic, int from, int to) {
    broker.produce(
        topic,
        IntStream.range(from, to)
            .mapToObj(i -> Message.of("{\"v\":\"" + i + "\"}").to(i % 2))
            .toList());
  }

  private static void awaitWritten(String topic, long offsets) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                broker.endOffsets(topic).values().stream().mapToLong(Long::longValue).sum()
                    >= offsets);
  }

  private static List<String> openTransactions(String prefix) throws Exception {
    try (Admin admin = admin()) {
      return admin.listTransactions().all().get().stream()
          .filter(transaction -> transaction.state() == TransactionState.ONGOING)
          .map(TransactionListing::transactionalId)
          .filter(id -> id.startsWith(prefix))
          .toList();
    }
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static void table(TableEnvironment tables, String topic, String options) {
    tables.executeSql(
        """
        CREATE TABLE %1$s (part INT METADATA FROM 'partition', v STRING)
        WITH ('connector' = 'kafka-partitioned', 'topic' = '%1$s', 'format' = 'json' %2$s)"""
            .formatted(topic, options));
  }

  private static void insert(TableEnvironment tables, String statement) throws Exception {
    tables.executeSql(statement).await();
  }

  private static List<String> messages(String topic) {
    return broker.read(topic).stream()
        .map(message -> message.partition() + " " + new String(message.value()))
        .toList();
  }

  private static String failureOf(ThrowingCallable statement) {
    StringBuilder text = new StringBuilder();
    assertThatThrownBy(statement)
        .satisfies(error -> text.append(ExceptionUtils.stringifyException(error)));
    return text.toString();
  }

  private static TableEnvironment environment(RuntimeExecutionMode mode) {
    return environment(mode, Duration.ofMillis(500));
  }

  private static TableEnvironment environment(
      RuntimeExecutionMode mode, Duration checkpointInterval) {
    Configuration configuration = flink.clientConfiguration();
    configuration.set(ExecutionOptions.RUNTIME_MODE, mode);
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
    configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointInterval);
    // Without a pause the first checkpoint comes at any moment.
    configuration.set(CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, checkpointInterval);
    configuration.set(KafkaTableDefaults.BOOTSTRAP_SERVERS, broker.bootstrapServers());
    return TableEnvironment.create(
        EnvironmentSettings.newInstance().withConfiguration(configuration).build());
  }
}

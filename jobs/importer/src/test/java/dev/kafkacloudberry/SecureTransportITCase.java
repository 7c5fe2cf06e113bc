package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.testbed.Certificates;
import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import dev.kafkacloudberry.testbed.ScramLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports from a broker and into a database that ask for TLS and SCRAM, by the README's role, with
 * the configuration of docs/security.md, on a cluster of real processes. Whatever happens, no
 * password is told.
 */
@Timeout(240)
class SecureTransportITCase {

  private static final Path REPOSITORY = Readme.REPOSITORY.toAbsolutePath().normalize();
  private static final String JAR =
      REPOSITORY.resolve("jobs/importer/target/kafka-cloudberry-importer.jar").toString();
  private static final Path IMPORT = sql("jobs/import_csv");
  private static final String TOPIC = "contrib_regress_csv";
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern JOB = Pattern.compile("JobID (\\p{XDigit}{32})");

  private static final List<String> SECRETS = new ArrayList<>();

  private static final String KAFKA_PASSWORD = secret();
  private static final String WRONG_KAFKA_PASSWORD = secret();
  private static final String CONFIGURED_PASSWORD = secret();
  private static final String PASSWORD_IN_FILE = secret();
  private static final String NEXT_PASSWORD_IN_FILE = secret();
  private static final String PASSWORD_IN_ENVIRONMENT = secret();
  private static final String WRONG_PASSWORD = secret();

  /** Stands for /etc/flink. */
  @TempDir private static Path etc;

  private static Readme page;
  private static Certificates certificates;
  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static FlinkSession flink;
  private static Onlooker onlooker;
  private static ImporterRole role;

  private static String secret() {
    String secret = UUID.randomUUID().toString();
    SECRETS.add(secret);
    return secret;
  }

  @BeforeAll
  static void start() throws Exception {
    page = Readme.read("docs/security.md");
    certificates = Certificates.in(etc);
    SECRETS.add(certificates.trustStorePassword());
    kafka = KafkaBroker.start(new ScramLogin("importer", KAFKA_PASSWORD, certificates));
    postgres = PostgresServer.start(certificates);
    postgres.execute(Files.readString(sql("database/target")));
    postgres.execute("ALTER TABLE dest_table_fdw ADD CHECK (some_int > 0)");
    role = ImporterRole.create(postgres);
    Files.writeString(etc.resolve("kafka.properties"), "password=" + KAFKA_PASSWORD);
    flink =
        new FlinkSession(
            List.of(REPOSITORY.resolve("jobs/flink-home/target/lib")),
            REPOSITORY.resolve("flink-conf"),
            settings("cloudberry.password:"),
            Map.of(
                "CLOUDBERRY_PASSWORD", PASSWORD_IN_ENVIRONMENT, "KAFKA_PASSWORD", KAFKA_PASSWORD));
    flink.startTaskManager();
    onlooker = new Onlooker(flink, postgres);
  }

  @AfterAll
  static void stop() throws Exception {
    onlooker.stop();
    List<String> logs = onlooker.logs();
    flink.close();
    postgres.close();
    kafka.close();
    assertThat(onlooker.pages())
        .as("pages were seen")
        .anyMatch(told -> told.contains("{\"key\":\"cloudberry.password\",\"value\":\"******\"}"));
    assertThat(logs).as("logs were seen").anyMatch(told -> told.contains("= [hidden]"));
    assertThat(onlooker.commandLines())
        .as("processes were seen")
        .anyMatch(told -> told.contains("TaskManagerRunner"))
        .anyMatch(told -> told.contains("CliFrontend run"));
    assertThat(onlooker.activity())
        .as("sessions were seen")
        .anyMatch(told -> told.startsWith(role.name() + " kafka-cloudberry "));
  }

  private static RestInterface rest() {
    return new RestInterface(flink.restUri());
  }

  /** What the page says of transport, and the block of it that tells where the passwords are. */
  private static Map<String, String> settings(String block) {
    String text =
        (page.codeWith("kafka.security.protocol:") + page.codeWith(block))
            .replace("broker-1:9093,broker-2:9093", kafka.saslBootstrapServers())
            .replace("coordinator:5432/warehouse", "127.0.0.1:" + postgres.port() + "/postgres")
            .replace("/etc/flink/", etc + "/")
            .replace("database-secret", CONFIGURED_PASSWORD)
            .replace("kafka-secret", KAFKA_PASSWORD)
            .replace("trust-store-secret", certificates.trustStorePassword());
    Map<String, String> settings = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] setting = line.split(": ", 2);
      settings.put(setting[0], setting[1]);
    }
    settings.put("restart-strategy.exponential-delay.initial-backoff", "200 ms");
    return settings;
  }

  @BeforeEach
  void createTargetAndTopic() throws Exception {
    postgres.execute("TRUNCATE dest_table_fdw; DROP SCHEMA IF EXISTS kafka_import CASCADE");
    kafka.createTopic(TOPIC, 2);
  }

  @AfterEach
  void endJobs() {
    onlooker.lookAtTheWebInterface();
    rest().cancelJobs();
    kafka.deleteTopic(TOPIC);
  }

  @AfterEach
  void assertThatNoSecretIsTold() throws IOException {
    onlooker.lookAtTheWebInterface();
    Map<String, Collection<String>> told =
        Map.of(
            "logs", onlooker.logs(),
            "web interface", onlooker.pages(),
            "processes", onlooker.commandLines(),
            "sessions of the database", onlooker.activity());
    assertSoftly(
        all ->
            told.forEach((where, texts) -> all.assertThat(secretsIn(texts)).as(where).isEmpty()));
  }

  /** The lines that tell a secret, without it. */
  private static List<String> secretsIn(Collection<String> texts) {
    return texts.stream()
        .flatMap(String::lines)
        .filter(line -> SECRETS.stream().anyMatch(line::contains))
        .map(
            line -> {
              String masked = line;
              for (String secret : SECRETS) {
                masked = masked.replace(secret, "SECRET " + SECRETS.indexOf(secret));
              }
              return masked;
            })
        .toList();
  }

  @Test
  void secretsInFlinksConfiguration() throws Exception {
    role.setPassword(postgres, CONFIGURED_PASSWORD);
    flink.configure(settings("cloudberry.password:"));
    produce("1,one", "2,two");

    Path script = flink.directory().resolve("script.sql");
    Files.writeString(
        script,
        """
        SHOW CREATE TABLE kafka_test;
        SHOW CREATE TABLE dest_table_fdw;
        EXPLAIN ESTIMATED_COST, CHANGELOG_MODE, JSON_EXECUTION_PLAN SELECT * FROM kafka_test;
        """
            + Files.readString(IMPORT));
    FlinkSession.Outcome outcome = flinkRun(script);
    assertThat(outcome.output()).contains("'connector' = 'kafka-partitioned'", "\"nodes\" : [");
    awaitRows(2);
    assertThat(
            query(
                "SELECT has_table_privilege('%s', 'dest_table_fdw', 'SELECT')"
                    .formatted(role.name())))
        .isEqualTo("f");
  }

  @Test
  void secretsInFilesThatAreReplacedUnderARunningImport() throws Exception {
    Path file = etc.resolve("cloudberry-password");
    Files.writeString(file, PASSWORD_IN_FILE);
    role.setPassword(postgres, PASSWORD_IN_FILE);
    flink.configure(settings("cloudberry.password-file:"));
    produce("1,one");
    assertThat(sqlClient("SET;", Files.readString(IMPORT).replace("'10s'", "'500ms'")))
        .contains("cloudberry.password-file");
    awaitRows(1);

    Files.writeString(file, NEXT_PASSWORD_IN_FILE);
    role.setPassword(postgres, NEXT_PASSWORD_IN_FILE);
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'"
            .formatted(role.name()));
    produce("2,two");
    awaitRows(2);
  }

  @Test
  void secretsInTheEnvironment() throws Exception {
    role.setPassword(postgres, PASSWORD_IN_ENVIRONMENT);
    flink.configure(settings("${env:KAFKA_PASSWORD}"));
    produce("1,one");
    flinkRun();
    awaitRows(1);
  }

  @Test
  void aWrongPasswordOfTheDatabaseEndsTheProgram() throws Exception {
    role.setPassword(postgres, CONFIGURED_PASSWORD);
    Map<String, String> settings = settings("cloudberry.password:");
    settings.put("cloudberry.password", WRONG_PASSWORD);
    flink.configure(settings);

    FlinkSession.Outcome outcome = flinkRun(IMPORT);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).contains("password authentication failed");
  }

  @Test
  void aDatabaseThatIsNotWhatItsCertificateNamesIsToldNothing() throws Exception {
    role.setPassword(postgres, CONFIGURED_PASSWORD);
    Map<String, String> settings = settings("cloudberry.password:");
    // Leads to the same server.
    settings.computeIfPresent("cloudberry.url", (key, url) -> url.replace("127.0.0.1", "127.1"));
    flink.configure(settings);

    FlinkSession.Outcome outcome = flinkRun(IMPORT);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.output()).contains("The hostname 127.1 could not be verified");
  }

  @Test
  void aWrongPasswordOfKafkaEndsTheJob() throws Exception {
    role.setPassword(postgres, CONFIGURED_PASSWORD);
    Map<String, String> settings = settings("cloudberry.password:");
    settings.computeIfPresent(
        "kafka.sasl.jaas.config",
        (key, value) -> value.replace(KAFKA_PASSWORD, WRONG_KAFKA_PASSWORD));
    flink.configure(settings);

    awaitException(flinkRun(), "invalid credentials with SASL mechanism SCRAM-SHA-512");
  }

  @Test
  void aRefusedRowAndBrokersThatAreNotThereAreNamed() throws Exception {
    role.setPassword(postgres, CONFIGURED_PASSWORD);
    flink.configure(settings("cloudberry.password:"));
    produce("-1,one less than none");
    Path script = flink.directory().resolve("script.sql");
    Files.writeString(
        script,
        Files.readString(IMPORT)
            + """
            SET 'kafka.bootstrap.servers' = '127.0.0.1:1';
            SET 'kafka.request.timeout.ms' = '1000';
            SET 'kafka.default.api.timeout.ms' = '1000';
            """
            + Files.readString(IMPORT));

    List<String> jobs = jobs(flinkRun(script));
    assertThat(jobs).hasSize(2);
    awaitException(jobs.get(0), "violates check constraint");
    awaitException(jobs.get(1), "127.0.0.1:1");
  }

  private static void awaitException(String job, String message) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(rest().page("/jobs/" + job + "/exceptions")).contains(message));
  }

  /** Starts the import, and returns the job's id. */
  private static String flinkRun() {
    return jobs(flinkRun(IMPORT)).get(0);
  }

  private static List<String> jobs(FlinkSession.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return JOB.matcher(outcome.output()).results().map(job -> job.group(1)).distinct().toList();
  }

  private static FlinkSession.Outcome flinkRun(Path script) {
    List<String> command = new ArrayList<>(List.of("run", "-d", JAR));
    for (String table : List.of("kafka_test_csv", "dest_table_fdw")) {
      command.addAll(List.of("--tables", sql("tables/" + table).toString()));
    }
    command.addAll(List.of("--set", "execution.checkpointing.interval=500ms"));
    command.addAll(List.of("--sql", script.toString()));
    return flink.flink(command.toArray(String[]::new));
  }

  private static String sqlClient(String... statements) throws IOException {
    Path init = flink.directory().resolve("init.sql");
    Path script = flink.directory().resolve("script.sql");
    Files.writeString(
        init,
        Files.readString(sql("tables/kafka_test_csv"))
            + Files.readString(sql("tables/dest_table_fdw")));
    Files.writeString(script, String.join("\n", statements));
    FlinkSession.Outcome outcome =
        flink.sqlClient("-j", JAR, "-i", init.toString(), "-f", script.toString());
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).doesNotContain("[ERROR]");
    return outcome.output();
  }

  private static Path sql(String name) {
    return REPOSITORY.resolve("sql").resolve(name + ".sql");
  }

  private static void produce(String... rows) {
    for (String row : rows) {
      kafka.produce(TOPIC, Message.of(row + ",2024-01-31,").to(0));
    }
  }

  private static void awaitRows(int count) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(query("SELECT count(*) FROM dest_table_fdw"))
                    .isEqualTo(String.valueOf(count)));
  }

  private static String query(String sql) {
    return postgres.query(sql).get(0);
  }
}

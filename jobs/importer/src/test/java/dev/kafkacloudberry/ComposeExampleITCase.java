package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kafkacloudberry.ComposeFile.Service;
import dev.kafkacloudberry.testbed.FlinkSession;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docker compose run --rm example} makes its services run, on processes of this machine
 * in their place.
 */
@Timeout(120)
class ComposeExampleITCase {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern OURS = Pattern.compile("^/opt/kafka-cloudberry/.*");
  private static final Pattern QUERY = Pattern.compile("-t?A?c \"((?:[^\"\\\\]|\\\\.)*)\"");

  @TempDir private static Path directory;

  private static final ComposeFile FILE = ComposeFile.read();
  private static KafkaBroker kafka;
  private static PostgresServer postgres;
  private static FlinkSession flink;

  @BeforeAll
  static void start() throws Exception {
    kafka = KafkaBroker.start();
    postgres = PostgresServer.start();
    flink =
        new FlinkSession(
            List.of(
                inRepository("jobs/flink-home/target/lib"),
                inRepository("jobs/importer/target/kafka-cloudberry-importer.jar")),
            Readme.REPOSITORY.resolve("flink-conf"),
            settings());
    flink.startTaskManager();
  }

  private static Path inRepository(String path) {
    return Readme.REPOSITORY.toAbsolutePath().normalize().resolve(path);
  }

  /** Those of the file, but for addresses, folders and sizes. */
  private static Map<String, String> settings() throws Exception {
    Map<String, String> settings = new TreeMap<>();
    YamlFile.parse(FILE.service("messages").environment().get("FLINK_PROPERTIES").toString())
        .forEach((key, value) -> settings.put(key, value.toString()));
    settings
        .keySet()
        .removeIf(key -> key.matches("rest\\..*|.*\\.memory\\..*|execution\\.checkpointing\\..*"));
    settings.replace("kafka.bootstrap.servers", kafka.bootstrapServers());
    settings.replace("cloudberry.url", postgres.url());
    settings.replace("cloudberry.username", postgres.username());
    settings.replace(
        "cloudberry.password-file",
        Files.writeString(directory.resolve("password"), postgres.password() + "\n").toString());
    return settings;
  }

  @AfterAll
  static void stop() {
    flink.close();
    postgres.close();
    kafka.close();
  }

  @Test
  void theExampleShowsItsRows() throws Exception {
    postgres.execute(Files.readString(Readme.REPOSITORY.resolve("sql/database/target.sql")));
    List<String> topic = FILE.service("topic").words();
    kafka.createTopic(
        topic.get(topic.indexOf("--topic") + 1),
        Integer.parseInt(topic.get(topic.indexOf("--partitions") + 1)));

    assertSuccess(flink.sqlClient(argumentsOfTheSqlClient()));
    assertSuccess(flink.flink(argumentsOfTheImport()));

    List<String> queries = queriesOfTheExample();
    assertThat(queries).hasSize(3);
    await().atMost(SOON).until(() -> !postgres.query(queries.get(0)).isEmpty());
    assertThat(postgres.query(queries.get(1))).hasSize(5);
    assertThat(postgres.query(queries.get(2)))
        .isNotEmpty()
        .allMatch(row -> row.startsWith("contrib_regress_csv"));
  }

  private static String[] argumentsOfTheSqlClient() {
    Service service = FILE.service("messages");
    List<String> words = service.words();
    return words.subList(words.indexOf("sql-client.sh") + 1, words.size()).stream()
        .map(word -> OURS.matcher(word).matches() ? onThisMachine(service, word) : word)
        .toArray(String[]::new);
  }

  /** What the scheduler, which has tests of its own, starts when it is given its file. */
  private static String[] argumentsOfTheImport() throws IOException {
    Service service = FILE.service("import");
    Path file = service.hostFile("/etc/kafka-cloudberry/import.args").orElseThrow();
    List<String> arguments = new ArrayList<>(List.of("run", "-d", ""));
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "--jar" -> arguments.set(2, onThisMachine(service, words[1]));
        case "--tables", "--sql" ->
            arguments.addAll(List.of(words[0], onThisMachine(service, words[1])));
        default -> {}
      }
    }
    return arguments.toArray(String[]::new);
  }

  private static String onThisMachine(Service service, String path) {
    return service.hostFile(path).orElseThrow().toAbsolutePath().normalize().toString();
  }

  private static String script(String service) {
    List<String> scripts = FILE.service(service).scripts();
    return scripts.get(scripts.size() - 1);
  }

  private static List<String> queriesOfTheExample() {
    return QUERY
        .matcher(script("example"))
        .results()
        .map(query -> query.group(1).replace("\\\"", "\""))
        .toList();
  }

  private static void assertSuccess(FlinkSession.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).doesNotContain("[ERROR]");
  }
}

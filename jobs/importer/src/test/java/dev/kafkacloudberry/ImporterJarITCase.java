package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.Password;
import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.ConnectException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar that users run: what is in it, and that it works on a class path of Flink's alone. */
@Timeout(120)
class ImporterJarITCase {

  private static final Path JAR = Path.of("target/kafka-cloudberry-importer.jar").toAbsolutePath();
  private static final Path SQL = Path.of("../../sql").toAbsolutePath();

  /** Mostly Kafka's clients, and the zstd library for every platform. More is worth a look. */
  private static final long MAX_BYTES = 24_000_000;

  private static final Set<String> CONTENTS =
      Set.of(
          "dev/kafkacloudberry/",
          "org/apache/flink/connector/jdbc/",
          "org/apache/flink/connector/kafka/",
          "org/apache/flink/streaming/connectors/kafka/",
          "org/apache/flink/streaming/util/serialization/JSONKeyValueDeserializationSchema.class",
          "org/apache/kafka/",
          "org/postgresql/",
          "com/github/luben/zstd/",
          "META-INF/versions/11/org/postgresql/");

  /** The jars that the contents come from, by the beginnings of their names. */
  private static final Set<String> LIBRARIES =
      Set.of(
          "flink-connector-jdbc-",
          "flink-connector-kafka-",
          "kafka-clients-",
          "kafka-cloudberry-importer",
          "postgresql-",
          "zstd-jni-");

  /** Packages that have another name in the jar, so that they meet no one else's. */
  private static final Set<String> RELOCATED = Set.of("jackson-", "picocli-");

  @TempDir private Path directory;

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(JAR.toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void itsManifestNamesTheJob() throws IOException {
    assertThat(jar.getManifest().getMainAttributes())
        .containsEntry(Attributes.Name.MAIN_CLASS, "dev.kafkacloudberry.job.ImportJob")
        .containsKey(Attributes.Name.IMPLEMENTATION_VERSION);
  }

  @Test
  void itHoldsTheConnectorsAndTheDriverAndNothingElse() {
    assertThat(classes())
        .allMatch(name -> CONTENTS.stream().anyMatch(name::startsWith))
        .anyMatch(name -> name.startsWith("dev/kafkacloudberry/shaded/jackson/"))
        .anyMatch(name -> name.startsWith("dev/kafkacloudberry/shaded/picocli/"));
  }

  /** A cluster would keep the classes of each job that it has ever run. */
  @Test
  void theJvmDoesNotHoldTheDriverOfAJob() throws Exception {
    try (URLClassLoader job =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Method isRegistered = job.loadClass("org.postgresql.Driver").getMethod("isRegistered");
      assertThat(isRegistered.invoke(null)).isEqualTo(true);

      Class.forName(ConnectionSettings.class.getName(), true, job);

      assertThat(isRegistered.invoke(null)).isEqualTo(false);
    }
  }

  /** The class path of this test holds what a cluster has: no other jar may have the same class. */
  @Test
  void itHoldsNothingThatTheClusterHas() throws IOException {
    Set<String> others = new HashSet<>();
    for (String name : foreignClasses()) {
      for (URL url : Collections.list(getClass().getClassLoader().getResources(name))) {
        others.add(url.getPath().replaceFirst("!.*", "").replaceFirst(".*/", ""));
      }
    }
    assertThat(others).allMatch(name -> LIBRARIES.stream().anyMatch(name::startsWith));
  }

  @Test
  void itHoldsNothingTwice() {
    List<String> names = entries().map(JarEntry::getName).toList();
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void itIsNoLargerThanItWas() {
    assertThat(JAR).satisfies(file -> assertThat(Files.size(file)).isLessThan(MAX_BYTES));
  }

  @Test
  void itOffersEveryTableAndTheDriver() throws IOException {
    assertThat(service("org.apache.flink.table.factories.Factory"))
        .containsExactlyInAnyOrder(
            "dev.kafkacloudberry.cloudberry.CloudberryTableFactory",
            "dev.kafkacloudberry.format.PostgresCsvFormatFactory",
            "dev.kafkacloudberry.format.PostgresJsonFormatFactory",
            "dev.kafkacloudberry.kafka.KafkaPartitionedTableFactory",
            "org.apache.flink.connector.jdbc.core.database.catalog.factory.JdbcCatalogFactory",
            "org.apache.flink.connector.jdbc.core.table.JdbcDynamicTableFactory",
            "org.apache.flink.streaming.connectors.kafka.table.DynamicKafkaTableFactory",
            "org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicTableFactory",
            "org.apache.flink.streaming.connectors.kafka.table.UpsertKafkaDynamicTableFactory");
    assertThat(service("org.apache.flink.connector.jdbc.core.database.JdbcFactory"))
        .contains("org.apache.flink.connector.jdbc.postgres.database.PostgresFactory");
    assertThat(service("java.sql.Driver")).containsExactly("org.postgresql.Driver");
  }

  @Test
  void everyServiceThatItOffersIsInIt() throws IOException {
    for (String file : names("META-INF/services/")) {
      assertThat(service(file.substring("META-INF/services/".length())))
          .as(file)
          .allSatisfy(name -> assertThat(jar.getEntry(classFile(name))).as(name).isNotNull());
    }
  }

  @Test
  void itCarriesItsLicences() throws IOException {
    assertThat(read("META-INF/LICENSE")).isEqualTo(Files.readString(Path.of("../../LICENSE")));
    assertThat(read("META-INF/NOTICE")).contains("Flink : Connectors : Kafka");
    assertThat(names("META-INF/licenses/"))
        .contains(
            "META-INF/licenses/org.postgresql.postgresql/LICENSE",
            "META-INF/licenses/com.github.luben.zstd-jni/LICENSE",
            "META-INF/licenses/com.ongres.scram/scram-client-3.2/META-INF/LICENSE");
  }

  /** A TaskManager loads the jar long after its DriverManager has looked for drivers. */
  @Test
  void itsDriverIsFoundInAJvmThatHasLookedForDriversBefore() throws Exception {
    DriverManager.getDrivers();
    try (URLClassLoader jobs =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> password = jobs.loadClass(Password.InEnvironment.class.getName());
      Object settings =
          jobs.loadClass(ConnectionSettings.class.getName())
              .getConstructors()[0]
              .newInstance(
                  "jdbc:postgresql://localhost:1/none",
                  "none",
                  password.getConstructors()[0].newInstance(),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(10));
      Method open = settings.getClass().getMethod("open", String.class);
      assertThatThrownBy(() -> open.invoke(settings, "test"))
          .rootCause()
          .isInstanceOf(ConnectException.class);
    }
  }

  /** As flink run does it: the jar in a class loader of its own, everything else Flink's. */
  @Test
  void itImportsBelowFlinkRun() throws Exception {
    try (KafkaBroker kafka = KafkaBroker.start();
        PostgresServer postgres = PostgresServer.start();
        Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(SQL.resolve("database/target.sql")));
      kafka.createTopic("contrib_regress_json", 2);
      kafka.produce("contrib_regress_json", List.of(Message.of("{\"some_int\":42}").to(1)));
      Files.writeString(
          directory.resolve(GlobalConfiguration.FLINK_CONF_FILENAME),
          """
          execution.target: local
          execution.runtime-mode: batch
          execution.checkpointing.dir: %s
          kafka.bootstrap.servers: %s
          cloudberry.url: %s
          cloudberry.username: %s
          cloudberry.password: %s
          """
              .formatted(
                  directory.toUri(),
                  kafka.bootstrapServers(),
                  postgres.url(),
                  postgres.username(),
                  postgres.password()));

      String output =
          run(
              CliFrontend.class.getName(),
              "run",
              JAR.toString(),
              "--tables",
              SQL.resolve("tables/kafka_test_json.sql").toString(),
              "--tables",
              SQL.resolve("tables/dest_table_fdw.sql").toString(),
              "--source",
              "kafka_test",
              "--target",
              "dest_table_fdw",
              "--columns",
              "some_int,some_text,some_date,some_time");

      assertThat(output).contains("Finished job");
      try (ResultSet row = statement.executeQuery("SELECT some_int FROM dest_table_fdw")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(42);
        assertThat(row.next()).isFalse();
      }
    }
  }

  /** Runs a Java program on the class path of a cluster, and returns what it printed. */
  private String run(String... program) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx512m", "--add-opens=java.base/java.util=ALL-UNNAMED"));
    line.addAll(List.of("-cp", classPathOfCluster()));
    line.addAll(List.of(program));
    File output = directory.resolve("output").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output);
    builder.environment().put("FLINK_CONF_DIR", directory.toString());
    Process process = builder.start();
    try {
      assertThat(process.waitFor()).as(Files.readString(output.toPath())).isZero();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output.toPath());
  }

  private static String classPathOfCluster() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .filter(file -> !isInTheJar(file.getFileName().toString()))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isInTheJar(String library) {
    return Stream.concat(LIBRARIES.stream(), RELOCATED.stream()).anyMatch(library::startsWith);
  }

  private Stream<JarEntry> entries() {
    return jar.stream().filter(entry -> !entry.isDirectory());
  }

  private List<String> names(String prefix) {
    return entries().map(JarEntry::getName).filter(name -> name.startsWith(prefix)).toList();
  }

  private List<String> classes() {
    return names("").stream().filter(name -> name.endsWith(".class")).toList();
  }

  private List<String> foreignClasses() {
    return classes().stream().filter(name -> !name.startsWith("dev/kafkacloudberry/")).toList();
  }

  private static String classFile(String name) {
    return name.replace('.', '/') + ".class";
  }

  private List<String> service(String name) throws IOException {
    return read("META-INF/services/" + name)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  private String read(String entry) throws IOException {
    try (var in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

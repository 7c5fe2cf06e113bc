package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.DatabaseSettings;
import dev.kafkacloudberry.scheduler.flink.FlinkCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where Flink and the database are. */
final class Connections {

  /** The key of Flink's configuration that tells the importer of the ledger. */
  static final String LEDGER_SCHEMA = "cloudberry.ledger.schema";

  private static final String PASSWORD_VARIABLE = "CLOUDBERRY_PASSWORD";

  @Option(
      names = "--flink",
      paramLabel = "URL",
      defaultValue = "${env:FLINK_REST_URL:-http://localhost:8081}",
      converter = HttpAddress.class,
      description = "Flink's REST interface. Default: FLINK_REST_URL, else http://localhost:8081.")
  private URI flink;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = NoPassword.InUrl.class,
      description = "The target database. Default: cloudberry.url in Flink's configuration.")
  private String url;

  @Option(
      names = "--username",
      paramLabel = "ROLE",
      description = "The role. Default: cloudberry.username in Flink's configuration.")
  private String username;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description =
          "A file whose first line is the role's password. Default: the environment's "
              + PASSWORD_VARIABLE
              + ", else ~/.pgpass.")
  private Path passwordFile;

  @Option(
      names = "--ledger-schema",
      paramLabel = "NAME",
      description =
          "The schema of the ledger, also that of the job. Default: cloudberry.ledger.schema in Flink's"
              + " configuration, else kafka_import.")
  private String ledgerSchema;

  FlinkCluster flink() {
    return new FlinkCluster(flink);
  }

  /**
   * @param configuration Flink's
   */
  String ledgerSchema(Map<String, String> configuration) {
    return ledgerSchema == null
        ? configuration.getOrDefault(LEDGER_SCHEMA, "kafka_import")
        : ledgerSchema;
  }

  /**
   * @param configuration Flink's
   */
  DatabaseSettings database(Map<String, String> configuration) throws SchedulerException {
    String address = url == null ? configuration.get("cloudberry.url") : url;
    if (address == null) {
      throw SchedulerException.wrongArguments(
          "The database is not known: give --url, or set cloudberry.url in Flink's configuration");
    }
    return new DatabaseSettings(
        address,
        Optional.ofNullable(username == null ? configuration.get("cloudberry.username") : username),
        password());
  }

  private Optional<String> password() throws SchedulerException {
    return passwordFile == null
        ? Optional.ofNullable(System.getenv(PASSWORD_VARIABLE))
        : Optional.of(firstLine(passwordFile));
  }

  private static String firstLine(Path file) throws SchedulerException {
    try {
      return Files.readAllLines(file).stream()
          .findFirst()
          .filter(line -> !line.isEmpty())
          .orElseThrow(
              () ->
                  SchedulerException.wrongArguments(
                      "The first line of the password file %s is empty".formatted(file)));
    } catch (IOException e) {
      throw SchedulerException.wrongArguments(
          "Cannot read the password file %s (%s)".formatted(file, e));
    }
  }
}

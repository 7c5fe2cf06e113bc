package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.Password;
import dev.kafkacloudberry.database.RetryPolicy;
import dev.kafkacloudberry.database.TableName;
import dev.kafkacloudberry.sink.LoadedBefore;
import dev.kafkacloudberry.sink.RejectLimit;
import dev.kafkacloudberry.sink.ReplaySettings;
import dev.kafkacloudberry.sink.SinkSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.util.TimeUtils;

/**
 * The settings of one table: its own options first, Flink's configuration where it leaves the
 * connection out.
 *
 * @param table the options of the table
 * @param flink Flink's configuration, with what the session has SET
 */
record CloudberryConfiguration(ReadableConfig table, ReadableConfig flink) {

  private static final String STAGING_FOLDER = "cloudberry-staging";
  private static final MemorySize SMALLEST_ROLL_SIZE = MemorySize.ofMebiBytes(1);

  /** Clocks differ; what is younger than this is never taken for left behind. */
  private static final Duration SHORTEST_RETENTION = Duration.ofHours(1);

  /** The database and the retries take zero for no limit and no wait at all. */
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);

  /** As parameters, or in front of the host. */
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)[?&](ssl)?password=|^[^?]*@");

  ConnectionSettings connection() {
    String url =
        sharedOption(CloudberryOptions.URL)
            .orElseThrow(
                () ->
                    new ValidationException(
                        "The database is not known. Set 'cloudberry.url' in Flink's configuration,"
                            + " or 'url' in the table's options, to jdbc:postgresql://host:5432/database"));
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new ValidationException(
          "'url' has to be jdbc:postgresql://host:5432/database; it begins with '"
              + url.replaceFirst("[/?@].*", "")
              + "'");
    }
    if (CREDENTIALS.matcher(url).find()) {
      throw new ValidationException(
          "'url' carries a password, which would show in messages and plans. Set 'password' or"
              + " 'password-file' instead, best in Flink's configuration: 'cloudberry.password'");
    }
    return new ConnectionSettings(
        url,
        sharedOption(CloudberryOptions.USERNAME).orElse(""),
        password(),
        table.get(CloudberryOptions.CONNECT_TIMEOUT),
        table.get(CloudberryOptions.SOCKET_TIMEOUT));
  }

  /**
   * What the table says comes before what the configuration says, whichever kind it is, and both
   * before the environment.
   */
  private Password password() {
    return password(
            table.getOptional(CloudberryOptions.PASSWORD),
            table.getOptional(CloudberryOptions.PASSWORD_FILE),
            "")
        .or(
            () ->
                password(
                    configured(CloudberryOptions.PASSWORD),
                    configured(CloudberryOptions.PASSWORD_FILE),
                    CloudberryOptions.CONFIGURATION_PREFIX))
        .orElseGet(Password.InEnvironment::new);
  }

  private static Optional<Password> password(
      Optional<String> literal, Optional<String> file, String prefix) {
    if (literal.isPresent() && file.isPresent()) {
      throw new ValidationException(
          "Set either '%spassword' or '%spassword-file', not both".formatted(prefix, prefix));
    }
    return literal.<Password>map(Password.Literal::new).or(() -> file.map(Password.InFile::new));
  }

  private Optional<String> sharedOption(ConfigOption<String> option) {
    return table.getOptional(option).or(() -> configured(option));
  }

  private Optional<String> configured(ConfigOption<String> option) {
    return flink.getOptional(CloudberryOptions.inConfiguration(option));
  }

  /**
   * Whether this is said to be the first start of the import, and it has no state to go on from.
   */
  boolean isFirstStart() {
    return flink.get(CloudberryOptions.FIRST_START)
        && flink.getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isEmpty();
  }

  String tableName() {
    return table.get(CloudberryOptions.TABLE_NAME);
  }

  CopyFormatChoice copyFormat() {
    return table.get(CloudberryOptions.COPY_FORMAT);
  }

  Optional<Integer> parallelism() {
    return table.getOptional(FactoryUtil.SINK_PARALLELISM);
  }

  /**
   * @param target the table that {@link #tableName()} turned out to be
   */
  SinkSettings sink(TableName target) {
    return new SinkSettings(
        connection(),
        target.quoted(),
        table.getOptional(CloudberryOptions.SINK_ID).orElse(target.toString()),
        stagingRoot(),
        UUID.randomUUID(),
        atLeast(SMALLEST_ROLL_SIZE, CloudberryOptions.STAGING_ROLL_SIZE).getBytes(),
        copyFormat().formats(),
        atLeast(SHORTEST_RETENTION, CloudberryOptions.STAGING_RETENTION),
        ledgerSchema(),
        atLeast(SHORTEST_RETENTION, CloudberryOptions.LEDGER_RETENTION),
        atLeast(SHORTEST_WAIT, CloudberryOptions.LOCK_TIMEOUT),
        new RetryPolicy(
            atLeast(SHORTEST_WAIT, CloudberryOptions.RETRY_FIRST_BACKOFF),
            atLeast(SHORTEST_WAIT, CloudberryOptions.RETRY_LONGEST_BACKOFF),
            table.get(CloudberryOptions.RETRY_TIMEOUT)),
        table.get(CloudberryOptions.ON_ERROR),
        rejectLimit().orElse(null),
        new ReplaySettings(
            table.get(CloudberryOptions.SINK_MODE) == SinkMode.REPAIR,
            table.get(CloudberryOptions.ON_TOPIC_CHANGE) == TopicChangeChoice.ACCEPT,
            loadedBefore().orElse(null)),
        ExactlyOnce.isBatch(flink));
  }

  /** The scheduler looks for the commits of all tables in the ledger that it keeps its notes in. */
  private String ledgerSchema() {
    ConfigOption<String> option = CloudberryOptions.LEDGER_SCHEMA;
    Optional<String> configured = configured(option);
    String schema = sharedOption(option).orElseGet(option::defaultValue);
    if (configured.isPresent() && !configured.get().equals(schema)) {
      throw new ValidationException(
          "'%s' is '%s', and '%s' is '%s' in the configuration, which the scheduler sets to its --ledger-schema. Name the same schema, or leave the table's option out"
              .formatted(
                  option.key(),
                  schema,
                  CloudberryOptions.inConfiguration(option).key(),
                  configured.get()));
    }
    return schema;
  }

  private Optional<LoadedBefore> loadedBefore() {
    return sharedOption(CloudberryOptions.LOADED_BEFORE)
        .map(
            text -> {
              try {
                return LoadedBefore.parse(text);
              } catch (IllegalArgumentException e) {
                throw new ValidationException(
                    "'%s' is '%s', which is not allowed: %s"
                        .formatted(CloudberryOptions.LOADED_BEFORE.key(), text, e.getMessage()));
              }
            });
  }

  private Optional<RejectLimit> rejectLimit() {
    Duration window = atLeast(SHORTEST_WAIT, CloudberryOptions.REJECT_LIMIT_WINDOW);
    return table
        .getOptional(CloudberryOptions.REJECT_LIMIT)
        .map(
            limit -> {
              try {
                return RejectLimit.parse(limit, window);
              } catch (IllegalArgumentException e) {
                throw new ValidationException(
                    "'%s' is '%s': %s. Set it to a number of rows, like '1000', or to a share of them, like '0.5%%'"
                        .formatted(CloudberryOptions.REJECT_LIMIT.key(), limit, e.getMessage()));
              }
            });
  }

  private <T extends Comparable<T>> T atLeast(T least, ConfigOption<T> option) {
    T value = table.get(option);
    if (value.compareTo(least) < 0) {
      throw new ValidationException(
          "'%s' is %s; it has to be at least %s"
              .formatted(option.key(), written(value), written(least)));
    }
    return value;
  }

  private static String written(Object value) {
    return value instanceof Duration duration
        ? TimeUtils.formatWithHighestUnit(duration)
        : value.toString();
  }

  private String stagingRoot() {
    return table
        .getOptional(CloudberryOptions.STAGING_DIR)
        .or(
            () ->
                flink
                    .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                    .map(directory -> new Path(directory, STAGING_FOLDER).toString()))
        .orElseThrow(
            () ->
                new ValidationException(
                    "There is no folder to stage rows in. Set '"
                        + CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()
                        + "' in Flink's configuration, or 'sink.staging.dir' in the table's options,"
                        + " to a folder that all TaskManagers share"));
  }
}

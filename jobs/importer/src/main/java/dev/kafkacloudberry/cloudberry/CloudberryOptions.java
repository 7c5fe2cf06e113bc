package dev.kafkacloudberry.cloudberry;

import static org.apache.flink.configuration.ConfigOptions.key;

import dev.kafkacloudberry.sink.OnError;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** The options of a cloudberry table. */
public final class CloudberryOptions {

  /**
   * Before the name of an option that tables share, the key that sets it in Flink's configuration.
   */
  static final String CONFIGURATION_PREFIX = "cloudberry.";

  public static final ConfigOption<String> URL =
      key("url")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The database, as a jdbc:postgresql: URL. Everything that the PostgreSQL JDBC driver"
                  + " understands may stand in it, TLS settings included; only the password may not.");

  public static final ConfigOption<String> USERNAME =
      key("username").stringType().noDefaultValue().withDescription("The role to connect as.");

  public static final ConfigOption<String> PASSWORD =
      key("password")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The role's password. Better kept in Flink's configuration or a password file than in"
                  + " SQL, where SHOW CREATE TABLE prints it. If there is neither, the environment"
                  + " variable CLOUDBERRY_PASSWORD is taken, of the client and of every"
                  + " TaskManager.");

  public static final ConfigOption<String> PASSWORD_FILE =
      key("password-file")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "A local file whose first line is the password, readable on the client and on every"
                  + " TaskManager. It is read at every connection, so the password may be rotated"
                  + " under a running job.");

  public static final ConfigOption<Duration> CONNECT_TIMEOUT =
      key("connect-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("The longest wait for a connection.");

  public static final ConfigOption<Duration> SOCKET_TIMEOUT =
      key("socket-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(10))
          .withDescription(
              "The longest silence of the database before the connection counts as dead. Has to be"
                  + " longer than the slowest COMMIT; 0 waits for ever.");

  public static final ConfigOption<String> TABLE_NAME =
      key("table-name")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The target: table or schema.table. A name is taken as written, else in lower case;"
                  + " in double quotes only as written.");

  public static final ConfigOption<String> SINK_ID =
      key("sink.id")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Names this import in the ledger, over all its jobs and restarts. By default the"
                  + " qualified table name.");

  public static final ConfigOption<SinkMode> SINK_MODE =
      key("sink.mode")
          .enumType(SinkMode.class)
          .defaultValue(SinkMode.APPEND)
          .withDescription(
              "'append' loads rows. 'repair' loads those that were rejected before, marks their"
                  + " rejects as repaired, and leaves out all others.");

  public static final ConfigOption<String> LOADED_BEFORE =
      key("sink.loaded-before")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "What something else has loaded into the table before this import: of a topic's"
                  + " partitions everything before an offset, like"
                  + " topic:orders;partition:0,offset:42;partition:1,offset:300. The ledger notes it,"
                  + " and rows of these offsets are skipped, wherever a job starts. --start-after"
                  + " sets it. Asks for the metadata columns topic, partition and offset.");

  public static final ConfigOption<TopicChangeChoice> ON_TOPIC_CHANGE =
      key("sink.on-topic-change")
          .enumType(TopicChangeChoice.class)
          .defaultValue(TopicChangeChoice.FAIL)
          .withDescription(
              "What to do when a topic was deleted and created again since rows of it were loaded:"
                  + " 'fail', or 'accept' and load the new one beside them.");

  public static final ConfigOption<String> STAGING_DIR =
      key("sink.staging.dir")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Where encoded rows wait for their commit: a folder on storage that all TaskManagers"
                  + " share. By default the folder cloudberry-staging in execution.checkpointing.dir.");

  public static final ConfigOption<MemorySize> STAGING_ROLL_SIZE =
      key("sink.staging.roll-size")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(256))
          .withDescription("The size at which a staged file is closed and the next one begun.");

  public static final ConfigOption<Duration> STAGING_RETENTION =
      key("sink.staging.retention")
          .durationType()
          .defaultValue(Duration.ofDays(7))
          .withDescription(
              "How long staged files are kept that were handed to a checkpoint and never committed."
                  + " Only a savepoint that was taken without stopping the job, just before a"
                  + " failure, can still need them.");

  public static final ConfigOption<CopyFormatChoice> COPY_FORMAT =
      key("sink.copy-format")
          .enumType(CopyFormatChoice.class)
          .defaultValue(CopyFormatChoice.AUTO)
          .withDescription(
              "The format of the COPY. 'auto' takes binary where every column has a binary encoding,"
                  + " else text, where the database parses the values.");

  public static final ConfigOption<OnError> ON_ERROR =
      key("sink.on-error")
          .enumType(OnError.class)
          .defaultValue(OnError.FAIL)
          .withDescription(
              "What becomes of a row that the table cannot hold: 'fail' fails the job and names the"
                  + " row, 'reject' keeps it in the ledger and loads the others.");

  public static final ConfigOption<String> REJECT_LIMIT =
      key("sink.reject-limit")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "How many rows may be rejected within sink.reject-limit.window before the job ends: a"
                  + " number, like 1000, or a share of all rows, like 0.5%. Messages that could not"
                  + " be decoded count too. By default any number.");

  public static final ConfigOption<Duration> REJECT_LIMIT_WINDOW =
      key("sink.reject-limit.window")
          .durationType()
          .defaultValue(Duration.ofHours(1))
          .withDescription(
              "The time over which rejected rows are counted, up to the commit that is judged.");

  public static final ConfigOption<Duration> RETRY_TIMEOUT =
      key("sink.retry.timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(5))
          .withDescription(
              "How long transient failures of the database are retried before the job fails.");

  public static final ConfigOption<Duration> RETRY_FIRST_BACKOFF =
      key("sink.retry.first-backoff")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription("The wait before the first retry. It doubles with every retry.");

  public static final ConfigOption<Duration> RETRY_LONGEST_BACKOFF =
      key("sink.retry.longest-backoff")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("The longest wait between two retries.");

  public static final ConfigOption<Duration> LOCK_TIMEOUT =
      key("sink.lock-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("The longest wait for a lock in the database before a retry.");

  public static final ConfigOption<String> LEDGER_SCHEMA =
      key("ledger.schema")
          .stringType()
          .defaultValue("kafka_import")
          .withDescription(
              "The schema of the ledger in the target database. Where the configuration key is set, as the"
                  + " scheduler does, a table that says something else is refused.");

  public static final ConfigOption<Duration> LEDGER_RETENTION =
      key("ledger.retention")
          .durationType()
          .defaultValue(Duration.ofDays(90))
          .withDescription(
              "How long the ledger remembers a commit. A savepoint that holds rows staged before"
                  + " that is refused, since they may be committed already.");

  static final ConfigOption<Boolean> FIRST_START =
      key(CONFIGURATION_PREFIX + "first-start")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a job, which starts without a savepoint, is refused if its import has loaded"
                  + " rows before. Set in Flink's configuration by those who start jobs.");

  private CloudberryOptions() {}

  /** The key that sets an option in Flink's configuration for all tables. */
  static ConfigOption<String> inConfiguration(ConfigOption<String> option) {
    return key(CONFIGURATION_PREFIX + option.key())
        .stringType()
        .noDefaultValue()
        .withDescription(option.description());
  }
}

package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.database.ConnectionSettings;
import dev.kafkacloudberry.database.ImportProgress;
import dev.kafkacloudberry.sink.LoadedBefore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SortedMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.ValidationException;

/**
 * The import that one of ours takes the place of: {@code import_kafka_data()} of the kafka_fdw
 * guide.
 *
 * @param next the offset of each partition that it would have imported next
 */
public record FormerImport(SortedMap<Integer, Long> next) {

  /**
   * Reads how far it has come.
   *
   * @param flink names the database
   * @param progressTable as the user wrote it: {@code table}, {@code schema.table}, in double
   *     quotes or not
   * @throws ValidationException when the table does not say it, with what to do
   */
  public static FormerImport read(ReadableConfig flink, String progressTable) {
    ConnectionSettings database =
        new CloudberryConfiguration(new Configuration(), flink).connection();
    try (Connection connection = database.open("kafka-cloudberry plan")) {
      return new FormerImport(ImportProgress.read(connection, progressTable));
    } catch (IllegalArgumentException e) {
      throw new ValidationException(e.getMessage(), e);
    } catch (SQLException e) {
      throw new ValidationException(
          "Cannot read the progress table '%s' in %s: %s (SQLSTATE %s)"
              .formatted(progressTable, database, e.getMessage(), e.getSQLState()),
          e);
    }
  }

  /** Lets the tables that are loaded from now on know what they hold of a topic. */
  public void tellTables(TableConfig session, String topic) {
    session.set(
        CloudberryOptions.inConfiguration(CloudberryOptions.LOADED_BEFORE),
        new LoadedBefore(topic, next).toString());
  }
}

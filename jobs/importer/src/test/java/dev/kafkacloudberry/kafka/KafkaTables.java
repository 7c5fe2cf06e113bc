package dev.kafkacloudberry.kafka;

import dev.kafkacloudberry.testbed.KafkaBroker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Tables of a broker's topics, whose fetched messages are remembered. */
record KafkaTables(TableEnvironment environment) {

  static KafkaTables of(KafkaBroker broker, RuntimeExecutionMode mode) {
    return of(broker.bootstrapServers(), mode, new Configuration());
  }

  static KafkaTables of(String brokers, RuntimeExecutionMode mode, Configuration configuration) {
    configuration.set(KafkaTableDefaults.BOOTSTRAP_SERVERS, brokers);
    configuration.set(ExecutionOptions.RUNTIME_MODE, mode);
    return new KafkaTables(
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(configuration).build()));
  }

  /**
   * Declares a table on the topic of its name.
   *
   * @param columns behind part, offs and ts
   * @param options like {@code 'format' = 'csv'}
   */
  KafkaTables with(String topic, String columns, String options) {
    environment.executeSql(
        """
        CREATE TABLE %1$s (
          part INT METADATA FROM 'partition' VIRTUAL,
          offs BIGINT METADATA FROM 'offset' VIRTUAL,
          ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
          %2$s
        ) WITH (
          'connector' = 'kafka-partitioned',
          'topic' = '%1$s',
          'properties.interceptor.classes' = '%3$s',
          %4$s
        )
        """
            .formatted(topic, columns, FetchedMessages.class.getName(), options));
    return this;
  }

  /** The rows of a query that ends, their fields separated by commas. */
  List<String> rows(String query) {
    List<String> rows = new ArrayList<>();
    environment.executeSql(query).collect().forEachRemaining(row -> rows.add(text(row)));
    return rows;
  }

  /** A query whose rows come one by one. */
  RunningQuery run(String query) {
    return new RunningQuery(environment.executeSql(query));
  }

  /** A query to be closed, which ends it. */
  static final class RunningQuery implements AutoCloseable {

    private final TableResult result;
    private final CloseableIterator<Row> rows;

    private RunningQuery(TableResult result) {
      this.result = result;
      this.rows = result.collect();
    }

    /** Waits for so many rows. */
    List<String> next(int count) {
      return Stream.generate(() -> text(rows.next())).limit(count).toList();
    }

    String stopWithSavepoint(Path directory) {
      return result
          .getJobClient()
          .orElseThrow()
          .stopWithSavepoint(false, directory.toString(), SavepointFormatType.CANONICAL)
          .join();
    }

    @Override
    public void close() {
      try {
        rows.close();
      } catch (Exception e) {
        throw new IllegalStateException("The query does not end.", e);
      }
    }
  }

  private static String text(Row row) {
    return IntStream.range(0, row.getArity())
        .mapToObj(field -> String.valueOf(row.getField(field)))
        .collect(Collectors.joining(","));
  }
}

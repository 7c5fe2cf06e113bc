package dev.kafkacloudberry.job;

import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_SPECIFIC_OFFSETS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.TOPIC;

import dev.kafkacloudberry.cloudberry.FormerImport;
import dev.kafkacloudberry.job.SqlScript.Statement;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.operations.SourceQueryOperation;

/**
 * Lets the first start of an import begin where the former one ended. The Kafka table gets start
 * offsets, and the tables that are loaded are told what they hold, so that the ledger knows it.
 *
 * <p>This happens when the tables are declared and before anything is read from them.
 */
final class Takeover {

  private static final String CONNECTOR = "kafka-partitioned";

  /** What begins so reads nothing; a CREATE TABLE may, and is looked at. */
  private static final Set<String> READS_NOTHING =
      Set.of(
          "SET",
          "RESET",
          "CREATE",
          "ALTER",
          "DROP",
          "USE",
          "LOAD",
          "UNLOAD",
          "ADD",
          "REMOVE",
          "SHOW",
          "DESCRIBE",
          "DESC",
          "BEGIN",
          "END");

  private final Optional<StartAfter> startAfter;
  private final TableEnvironment tables;
  private final PrintWriter out;
  private Optional<Former> former = Optional.empty();

  /** The former import, once it is known, and the topic that it read. */
  private record Former(FormerImport progress, String topic) {}

  Takeover(Optional<StartAfter> startAfter, TableEnvironment tables, PrintWriter out) {
    this.startAfter = startAfter;
    this.tables = tables;
    this.out = out;
  }

  /**
   * Is called before each statement of a script.
   *
   * @throws ImportFailure if it cannot be said where to begin
   */
  void before(Statement statement) {
    if (startAfter.isPresent() && mayRead(statement)) {
      takeOver(startAfter.get(), startAfter.get().kafkaTable());
    }
  }

  /**
   * Is called before an import without a script, whose source is the table that is meant.
   *
   * @return the import
   * @throws ImportFailure if it cannot be said where to begin
   */
  TableImport before(TableImport tableImport) {
    startAfter.ifPresent(
        start ->
            takeOver(
                start,
                start
                    .kafkaTable()
                    .or(
                        () ->
                            Optional.of(tableImport.source())
                                .filter(source -> kafkaTable(source).isPresent()))));
    return tableImport;
  }

  private static boolean mayRead(Statement statement) {
    List<String> words = statement.words();
    boolean isView = words.stream().limit(4).anyMatch("VIEW"::equals);
    return words.isEmpty()
        || !READS_NOTHING.contains(words.get(0))
        || words.contains("SELECT") && !isView;
  }

  /** The sinks are told each time: a RESET makes the session forget it. */
  private void takeOver(StartAfter start, Optional<String> named) {
    if (former.isEmpty()) {
      try {
        former = Optional.of(begin(start, named));
      } catch (RuntimeException e) {
        throw ImportFailure.failed("--start-after", e);
      }
    }
    former.get().progress().tellTables(tables.getConfig(), former.get().topic());
  }

  private Former begin(StartAfter start, Optional<String> named) {
    String path = named.orElseGet(() -> theOnlyKafkaTable(start));
    ContextResolvedTable table =
        kafkaTable(path)
            .orElseThrow(
                () ->
                    new ValidationException(
                        "%s is no table with 'connector' = '%s' that is declared before it is read. Declare it so, or name the one that is meant: --start-after TABLE=%s"
                            .formatted(path, CONNECTOR, start.progressTable())));
    String topic = topic(path, table);
    FormerImport progress = FormerImport.read(tables.getConfig(), start.progressTable());
    declareAgain(path, table, offsets(progress));
    out.printf(
        "%s starts after %s, at %s, other partitions at their first message%s.%n",
        path.replace("`", ""),
        start.progressTable(),
        offsets(progress),
        isRestored() ? "; the state that the job is started from goes before" : "");
    out.flush();
    return new Former(progress, topic);
  }

  private String theOnlyKafkaTable(StartAfter start) {
    List<String> found =
        Arrays.stream(tables.listTables())
            .map(SqlNames::quoted)
            .filter(path -> kafkaTable(path).isPresent())
            .toList();
    if (found.size() != 1) {
      throw new ValidationException(
          (found.isEmpty()
                  ? "No table with 'connector' = '%s' is declared in the current database. Declare it before it is read, or say which is meant"
                      .formatted(CONNECTOR)
                  : "Several Kafka tables are declared, %s. Say which is meant"
                      .formatted(String.join(", ", found)))
              + ": --start-after TABLE=%s".formatted(start.progressTable()));
    }
    return found.get(0);
  }

  private Optional<ContextResolvedTable> kafkaTable(String path) {
    try {
      return Optional.of(tables.from(path).getQueryOperation())
          .filter(SourceQueryOperation.class::isInstance)
          .map(operation -> ((SourceQueryOperation) operation).getContextResolvedTable())
          .filter(table -> CONNECTOR.equals(options(table).get("connector")));
    } catch (ValidationException e) {
      // There is no such table, or one that cannot be resolved; whoever reads it says why.
      return Optional.empty();
    }
  }

  /** A progress table speaks of the partitions of one topic. */
  private static String topic(String path, ContextResolvedTable table) {
    List<String> startup =
        options(table).keySet().stream()
            .filter(key -> key.startsWith("scan.startup."))
            .sorted()
            .toList();
    if (!startup.isEmpty()) {
      throw new ValidationException(
          "%s says with %s where it starts, and so does --start-after. Leave one of them out"
              .formatted(path, startup));
    }
    String topic = options(table).getOrDefault(TOPIC.key(), "");
    if (topic.isEmpty() || topic.contains(";")) {
      throw new ValidationException(
          "%s reads more than one topic, and a progress table speaks of the partitions of one. Declare a table of its own, with 'topic', for each"
              .formatted(path));
    }
    return topic;
  }

  private static String offsets(FormerImport progress) {
    return progress.next().entrySet().stream()
        .map(next -> "partition:%d,offset:%d".formatted(next.getKey(), next.getValue()))
        .collect(Collectors.joining(";"));
  }

  /** A temporary table goes before one of the same name in the catalog, which stays as it is. */
  private void declareAgain(String path, ContextResolvedTable table, String offsets) {
    Map<String, String> options = new TreeMap<>(options(table));
    options.put(SCAN_STARTUP_MODE.key(), "specific-offsets");
    options.put(SCAN_STARTUP_SPECIFIC_OFFSETS.key(), offsets);
    options.remove("connector");
    CatalogBaseTable declared = table.getTable();
    TableDescriptor.Builder again =
        TableDescriptor.forConnector(CONNECTOR)
            .schema(declared.getUnresolvedSchema())
            .comment(declared.getComment());
    options.forEach(again::option);
    if (table.isTemporary()) {
      tables.dropTemporaryTable(path);
    }
    tables.createTemporaryTable(path, again.build());
  }

  private static Map<String, String> options(ContextResolvedTable table) {
    return table.getResolvedTable().getOptions();
  }

  private boolean isRestored() {
    return tables.getConfig().getOptional(StateRecoveryOptions.SAVEPOINT_PATH).isPresent();
  }
}

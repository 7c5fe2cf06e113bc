package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;

/**
 * What a command line asks for.
 *
 * @param title the name of the jobs, unless the configuration names them
 * @param scripts in the order in which they run
 * @param tableImport what runs behind them, if it is no script
 * @param overrides settings that win over those of the scripts
 * @param lostJobs whose state to go on from
 */
record ImportPlan(
    String title,
    List<SqlScript> scripts,
    Optional<TableImport> tableImport,
    Map<String, String> overrides,
    Optional<LostJobs> lostJobs) {

  ImportPlan {
    scripts = List.copyOf(scripts);
    overrides = Map.copyOf(overrides);
  }

  List<Statement> statements() {
    return scripts.stream().flatMap(script -> script.statements().stream()).toList();
  }

  /**
   * The configuration to start with: the given one, the runtime mode that the scripts set, the
   * overrides. Flink fixes the runtime mode of a table environment when it is made, which is why it
   * is looked up before the first statement runs.
   *
   * @throws SqlScriptException if the scripts set different runtime modes
   */
  Configuration configuration(Configuration given) {
    Configuration configuration = new Configuration(given);
    runtimeMode()
        .ifPresent(mode -> configuration.setString(ExecutionOptions.RUNTIME_MODE.key(), mode));
    overrides.forEach(configuration::setString);
    return configuration;
  }

  private Optional<String> runtimeMode() {
    Optional<String> mode = Optional.empty();
    for (Statement statement : statements()) {
      Optional<SetStatement> set =
          SetStatement.of(statement)
              .filter(setting -> setting.key().equals(ExecutionOptions.RUNTIME_MODE.key()));
      if (set.isEmpty() || overrides.containsKey(set.get().key())) {
        continue;
      }
      String value = checkedMode(statement, set.get().value());
      if (mode.isPresent() && !mode.get().equals(value)) {
        throw new SqlScriptException(
            statement.position(),
            "the runtime mode was already set to '%s': run what needs '%s' as a script of its own"
                .formatted(mode.get(), value));
      }
      mode = Optional.of(value);
    }
    return mode;
  }

  private static String checkedMode(Statement statement, String value) {
    if (value.equalsIgnoreCase(RuntimeExecutionMode.STREAMING.name())
        || value.equalsIgnoreCase(RuntimeExecutionMode.BATCH.name())) {
      return value.toLowerCase(Locale.ROOT);
    }
    throw new SqlScriptException(
        statement.position(),
        "'%s' is 'streaming' or 'batch', not '%s'"
            .formatted(ExecutionOptions.RUNTIME_MODE.key(), value));
  }
}

package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.ResultKind;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs statements one after the other. SET, RESET and {@code BEGIN STATEMENT SET} are the SQL
 * client's own and are done here; every other statement is Flink's.
 */
final class ScriptRunner {

  /** Statements whose job has rows to show; every other job writes to a table. */
  private static final Set<String> QUERIES = Set.of("SELECT", "WITH", "VALUES", "TABLE");

  private final TableEnvironment tables;
  private final Map<String, String> overrides;
  private final SubmittedJobs jobs;
  private final PrintWriter out;
  private final Configuration initial;
  private final TypedNulls typedNulls;
  private Optional<StatementSet> statementSet = Optional.empty();

  ScriptRunner(
      TableEnvironment tables, Map<String, String> overrides, SubmittedJobs jobs, PrintWriter out) {
    this.tables = tables;
    this.overrides = overrides;
    this.jobs = jobs;
    this.out = out;
    this.initial = new Configuration(settings());
    this.typedNulls = new TypedNulls(tables);
  }

  /**
   * Runs one statement; a job that it starts is submitted, not waited for.
   *
   * @throws ImportFailure if it fails, with its place in the script
   */
  void run(Statement statement) {
    try {
      Optional<SetStatement> set = SetStatement.of(statement);
      Optional<ResetStatement> reset = ResetStatement.of(statement);
      if (set.isPresent()) {
        set(set.get());
      } else if (reset.isPresent()) {
        reset(reset.get());
      } else if (statement.startsWith("BEGIN", "STATEMENT", "SET")) {
        statementSet = Optional.of(tables.createStatementSet());
      } else if (statementSet.isPresent()) {
        addOrExecute(statement, statementSet.get());
      } else {
        report(statement, tables.executeSql(typedNulls.in(statement.textInPlace())));
      }
    } catch (SqlScriptException e) {
      throw e;
    } catch (Exception e) {
      throw ImportFailure.failed(statement.position(), e);
    }
  }

  private void addOrExecute(Statement statement, StatementSet set) {
    if (statement.isEnd()) {
      statementSet = Optional.empty();
      report(statement, set.execute());
    } else {
      set.addInsertSql(typedNulls.in(statement.textInPlace()));
    }
  }

  private void set(SetStatement setting) {
    if (overrides.containsKey(setting.key())) {
      out.println(setting + " is left out: --set " + setting.key() + " wins.");
    } else {
      tables.getConfig().set(setting.key(), setting.value());
    }
  }

  private void reset(ResetStatement reset) {
    Map<String, String> before = initial.toMap();
    Set<String> keys = reset.key().map(Set::of).orElseGet(() -> Set.copyOf(settings().keySet()));
    for (String key : keys) {
      if (before.containsKey(key)) {
        tables.getConfig().set(key, before.get(key));
      } else {
        settings().removeKey(key);
      }
    }
  }

  private Configuration settings() {
    return tables.getConfig().getConfiguration();
  }

  private void report(Statement statement, TableResult result) {
    Optional<JobClient> job = result.getJobClient();
    if (job.isPresent() && !isQuery(statement)) {
      jobs.add(job.get());
    } else if (result.getResultKind() == ResultKind.SUCCESS_WITH_CONTENT) {
      out.flush();
      result.print();
    }
  }

  private static boolean isQuery(Statement statement) {
    return !statement.words().isEmpty() && QUERIES.contains(statement.words().get(0));
  }
}

package dev.kafkacloudberry.job;

import dev.kafkacloudberry.job.SqlScript.Statement;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.client.program.ProgramParametrizationException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.TableEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program in the importer's jar: runs a SQL script, or imports one table into another. Its
 * command line is described by {@code --help}.
 */
public final class ImportJob {

  private static final Logger LOG = LoggerFactory.getLogger(ImportJob.class);

  /** Programs that end with this one, so that it may choose their exit code. */
  private static final Set<String> COMMANDS =
      Set.of(ImportJob.class.getName(), "org.apache.flink.client.cli.CliFrontend");

  private ImportJob() {}

  /**
   * Runs the command line, in whatever way Flink was told to run programs: {@code flink run},
   * application mode, or alone in a JVM of its own.
   *
   * @throws ProgramParametrizationException with the words for the user if the import fails while
   *     the JVM belongs to somebody else, a JobManager for instance
   */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    try {
      execute(new Configuration(), out, args);
    } catch (ImportFailure failure) {
      if (COMMANDS.contains(outermostClass())) {
        System.err.println(failure.getMessage());
        System.exit(failure.exitCode());
      }
      throw (ProgramParametrizationException)
          new ProgramParametrizationException(failure.getMessage()).initCause(failure.getCause());
    }
  }

  /**
   * Runs a command line without ever ending the JVM.
   *
   * @param configuration Flink's configuration, below what scripts and {@code --set} say
   * @param out the answers, except for rows that are printed, which Flink writes to {@link
   *     System#out}
   * @param err one message if it fails
   * @return the exit code: 0 done, 1 failed, 2 wrong arguments
   */
  public static int run(
      Configuration configuration, PrintWriter out, PrintWriter err, String... args) {
    try {
      execute(configuration, out, args);
      return 0;
    } catch (ImportFailure failure) {
      err.println(failure.getMessage());
      err.flush();
      return failure.exitCode();
    }
  }

  private static void execute(Configuration given, PrintWriter out, String... args) {
    try {
      ImportArguments arguments = ImportArguments.parse(args);
      if (arguments.help()) {
        out.print(ImportArguments.usage());
        out.flush();
      } else {
        InstalledJar.requireTheOneGiven();
        execute(arguments.plan(), arguments.startAfter(), given, out);
      }
    } catch (ImportFailure failure) {
      LOG.debug("The import failed.", failure);
      throw failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ImportFailure.failed(e);
    } catch (Exception e) {
      LOG.debug("The import failed.", e);
      throw ImportFailure.failed(e);
    }
  }

  private static void execute(
      ImportPlan plan, Optional<StartAfter> startAfter, Configuration given, PrintWriter out)
      throws InterruptedException {
    TableEnvironment tables =
        TableEnvironment.create(
            EnvironmentSettings.newInstance().withConfiguration(plan.configuration(given)).build());
    TableConfig config = tables.getConfig();
    if (config.getOptional(PipelineOptions.NAME).isEmpty()) {
      config.set(PipelineOptions.NAME, plan.title());
    }
    plan.lostJobs().ifPresent(jobs -> jobs.resume(config));
    boolean attached = attached(config);
    SubmittedJobs jobs = new SubmittedJobs(out);
    ScriptRunner runner = new ScriptRunner(tables, plan.overrides(), jobs, out);
    Takeover takeover = new Takeover(startAfter, tables, out);
    for (Statement statement : plan.statements()) {
      takeover.before(statement);
      runner.run(statement);
    }
    plan.tableImport()
        .map(tableImport -> takeover.before(tableImport).script(tables).statements())
        .ifPresent(statements -> statements.forEach(runner::run));
    if (attached) {
      jobs.await();
    }
  }

  /**
   * Whether to stay until the jobs end: {@code flink run} says so by {@code execution.attached}. A
   * cluster in this JVM is always waited for, as it ends with it.
   */
  private static boolean attached(TableConfig config) {
    String target = config.getOptional(DeploymentOptions.TARGET).orElse("local");
    return target.equals("local") || config.get(DeploymentOptions.ATTACHED);
  }

  /** The class whose main method this thread runs. */
  private static String outermostClass() {
    return StackWalker.getInstance()
        .walk(frames -> frames.reduce((inner, outer) -> outer))
        .map(StackWalker.StackFrame::getClassName)
        .orElseThrow();
  }
}

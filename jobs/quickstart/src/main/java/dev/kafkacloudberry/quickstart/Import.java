package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.job.ImportJob;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;

/** The import of a format, with the shipped files and the program of the importer's jar. */
final class Import {
  private static final Pattern SUBMITTED = Pattern.compile("Submitted job (\\p{XDigit}{32})");

  private final MessageFormat format;
  private final Services services;

  Import(MessageFormat format, Services services) {
    this.format = format;
    this.services = services;
  }

  /** Starts the import with the topic's first message. */
  JobID start() {
    return submit(services.configuration());
  }

  /** Starts the import where a savepoint left it. */
  JobID restore(Path savepoint) {
    return submit(
        services
            .configuration()
            .set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.toUri().toString()));
  }

  /** What to type for the same on a cluster of one's own, by lines. */
  String commandLine() {
    return "flink run kafka-cloudberry-importer.jar "
        + String.join(" ", arguments()).replace(" --", " \\\n  --");
  }

  private List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    format.tables().forEach(file -> arguments.addAll(List.of("--tables", file.toString())));
    arguments.addAll(List.of("--sql", format.job().toString()));
    // The file says 10 s, which shows little in an import that takes no longer.
    arguments.addAll(List.of("--set", "execution.checkpointing.interval=1s"));
    return arguments;
  }

  private JobID submit(Configuration configuration) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        ImportJob.run(
            configuration,
            new PrintWriter(out),
            new PrintWriter(err),
            arguments().toArray(String[]::new));
    Matcher submitted = SUBMITTED.matcher(out.toString());
    if (exitCode != 0 || !submitted.find()) {
      throw new IllegalStateException("The import did not start. " + err.toString().strip());
    }
    return JobID.fromHexString(submitted.group(1));
  }
}

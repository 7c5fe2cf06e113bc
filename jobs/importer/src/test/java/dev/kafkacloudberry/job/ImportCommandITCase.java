package dev.kafkacloudberry.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import org.apache.flink.client.cli.CliFrontend;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The program as a process, alone and below {@code flink run}: what the shell gets to see. */
@Timeout(60)
class ImportCommandITCase {

  private enum Command {
    ALONE(ImportJob.class, List.of()),
    FLINK_RUN(CliFrontend.class, List.of("run", "-c", ImportJob.class.getName(), "empty.jar"));

    private final Class<?> main;
    private final List<String> arguments;

    Command(Class<?> main, List<String> arguments) {
      this.main = main;
      this.arguments = arguments;
    }
  }

  @TempDir private Path directory;

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        directory.resolve(GlobalConfiguration.FLINK_CONF_FILENAME), "execution.target: local\n");
    new JarOutputStream(Files.newOutputStream(directory.resolve("empty.jar"))).close();
  }

  @ParameterizedTest
  @EnumSource
  void wrongArgumentsAreOneLineAndExitCode2(Command command) throws Exception {
    assertThat(run(command, "--sql")).isEqualTo(2);
    assertThat(read("err").lines())
        .containsExactly(
            "Missing required parameter for option '--sql' (FILE) (--help shows the usage)");
  }

  @ParameterizedTest
  @EnumSource
  void aFailureIsItsMessagesAndExitCode1(Command command) throws Exception {
    Files.writeString(directory.resolve("job.sql"), "SELECT 1 FROM missing");

    assertThat(run(command, "--sql", "job.sql")).isEqualTo(1);
    assertThat(read("err").lines())
        .containsExactly(
            "job.sql:1:1: SQL validation failed. From line 1, column 15 to line 1, column 21: Object"
                + " 'missing' not found");
  }

  @Test
  void helpIsExitCode0() throws Exception {
    assertThat(run(Command.FLINK_RUN, "--help")).isZero();
    assertThat(read("out")).contains("flink run JAR --sql FILE");
  }

  private int run(Command command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("--add-opens=java.base/java.util=ALL-UNNAMED");
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), command.main.getName()));
    line.addAll(command.arguments);
    line.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile());
    builder.environment().put("FLINK_CONF_DIR", directory.toString());
    Process process = builder.start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  private String read(String stream) throws IOException {
    return Files.readString(directory.resolve(stream));
  }
}

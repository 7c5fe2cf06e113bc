package dev.kafkacloudberry.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart as the script runs it: in a JVM of its own, in the project's directory. */
@Timeout(300)
class QuickstartITCase {
  private static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

  @TempDir private Path directory;

  @Test
  void csvMessagesAreImportedAndVerified() throws Exception {
    assertVerified(quickstart("--rows", "2000"));
  }

  @Test
  void jsonMessagesAreImportedAndVerified() throws Exception {
    assertVerified(quickstart("--rows", "2000", "--format", "json"));
  }

  @Test
  void wrongArgumentsExitWithTwo() throws Exception {
    Result result = quickstart("--rows", "many");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output()).contains("--rows", "'many'", "./quickstart --help");
  }

  @Test
  void helpNeedsNoBuild() throws Exception {
    Result result = run(List.of(PROJECT.resolve("quickstart").toString(), "--help"));

    assertThat(result.exitCode()).isZero();
    assertThat(result.output())
        .startsWith("Usage: ./quickstart")
        .contains("--rows", "--format", "--keep-running")
        .doesNotContain("#", "set -e");
  }

  private void assertVerified(Result result) throws IOException {
    assertThat(result.output().lines().reduce((first, second) -> second))
        .as(result.output())
        .hasValue(
            "verified: 2200 messages produced, 2200 rows in dest_table_fdw,"
                + " 0 missing, 0 duplicated");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("Killed one of the 2 TaskManagers").contains("lag 0");
    try (Stream<Path> left = Files.list(Files.createDirectories(directory.resolve("tmp")))) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("testbed-")))
          .isEmpty();
    }
  }

  private Result quickstart(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.add("-Xmx1g");
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
    command.add("-Dlog.file=" + directory.resolve("quickstart.log"));
    command.add("-Dlog4j2.configurationFile=log4j2.properties");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Quickstart.class.getName());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private Result run(List<String> command) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(PROJECT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      return new Result(process.waitFor(), Files.readString(output, UTF_8));
    } finally {
      process.destroy();
    }
  }

  private record Result(int exitCode, String output) {}
}

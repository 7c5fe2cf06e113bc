package dev.kafkacloudberry.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The page says where each failure is tested: at that place there is a test. */
class CommitProtocolPageTest {

  private static final Path REPOSITORY = Path.of("../..");
  private static final Path PAGE = REPOSITORY.resolve("docs/commit-protocol.md");
  private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern TEST =
      Pattern.compile("@(?:Parameterized)?Test\\b(?s:.*?)\\bvoid (\\w+)\\(");

  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    assertThat(named()).isNotEmpty().isSubsetOf(testsInTheSources());
  }

  @Test
  void everyStoryOfTheCommitIsOnThePage() throws IOException {
    Set<String> stories =
        Stream.of(
                CommitProtocolITCase.class,
                CommitRefusalITCase.class,
                BatchCommitITCase.class,
                PlacesITCase.class,
                RefusedRowsITCase.class,
                ReasonsOfRefusalsITCase.class,
                ReplayedOffsetsITCase.class,
                RandomRestartsITCase.class)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(
                method ->
                    method.isAnnotationPresent(Test.class)
                        || method.isAnnotationPresent(ParameterizedTest.class))
            .map(method -> method.getDeclaringClass().getSimpleName() + "#" + method.getName())
            .collect(Collectors.toSet());

    assertThat(named()).containsAll(stories);
  }

  @Test
  void everyRowOfItsTablesNamesATest() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .filter(
                line ->
                    line.startsWith("|") && !line.startsWith("|--") && !line.endsWith("| Test |"))
            .toList();

    assertThat(rows).isNotEmpty().allMatch(row -> NAMED.matcher(row).find());
  }

  private static Set<String> named() throws IOException {
    return NAMED
        .matcher(Files.readString(PAGE))
        .results()
        .map(test -> test.group(1) + "#" + test.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> testsInTheSources() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY.resolve("jobs"))) {
      return files
          .filter(file -> file.toString().contains("src/test/java"))
          .filter(file -> file.toString().matches(".*(Test|ITCase)\\.java"))
          .flatMap(CommitProtocolPageTest::testsOf)
          .collect(Collectors.toSet());
    }
  }

  private static Stream<String> testsOf(Path file) {
    try {
      String type = file.getFileName().toString().replace(".java", "");
      return TEST.matcher(Files.readString(file)).results().map(test -> type + "#" + test.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page has every message that users can meet, and none that there is not. */
class OperationsPageTest {

  private static final String HEADING = "## Error messages\n";
  private static final Pattern MESSAGE = Pattern.compile("`([^`]+)`");

  /** A shorter beginning may be that of anything. */
  private static final int SHORTEST_BEGINNING = 12;

  /** What is in the sources and no message to users, or no whole one, and why. */
  private static final Map<String, List<String>> NO_MESSAGES =
      Map.of(
          "can only come of a fault of the program",
          List.of(
              "There are no columns to copy",
              "Not a number: …",
              "Not a whole number: …",
              "… bytes are waiting in the buffer; reset() it after writing them",
              "There is no metadata '…'.",
              "every Java has SHA-256"),
          "is of a staged file whose checksum is that of what was staged",
          List.of("A row is cut short", "A number of a file of places has no end"),
          "is of a task that is cancelled, and hidden by Flink",
          List.of(
              "Cancelled while waiting for the database",
              "Given up while connecting",
              "Interrupted while looking up the …."),
          "is a value, or a name, inside a message",
          List.of(
              "… bytes so far",
              "… milliseconds since 1970-01-01",
              "topic … of the brokers …",
              "partition … from … up to …",
              "Kafka table source of …"),
          "is a wrapper of another message, and nothing else",
          List.of(
              "… (--help shows the usage)",
              "… rows and … rejects of checkpoint … to table … (sink '…', commit …)"),
          "is an answer of the scheduler, and no problem",
          List.of(
              "Starting job … from ….",
              "Job … still runs: it is stopped.",
              "the beginning, for the first time",
              "what is stored of job …, else from …",
              "…, job …, started by …",
              "…: … rows, … rejected, in …"),
          "is sent to others than users, or describes options in docs/options.md",
          List.of(
              "--… Content-Disposition: form-data; name=\"jarfile\"; filename=\"…\" Content-Type: application/x-java-archive",
              "sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday",
              "january february march april may june july august september october november december",
              "commit_id, sink_id, topic, \"partition\", \"offset\", message, content, error, sqlstate",
              "Reading goes on with the first message that is there, as if the others had never been.",
              "The job fails, with the offset that it wants and those that there are."));

  @Test
  void everyMessageIsOnThePage() throws IOException {
    List<String> page = page();

    assertThat(sources())
        .filteredOn(message -> page.stream().noneMatch(shown -> isOf(shown, message)))
        .containsExactlyInAnyOrderElementsOf(
            NO_MESSAGES.values().stream().flatMap(List::stream).toList());
  }

  @Test
  void everyMessageOnThePageIsInTheSources() throws IOException {
    TreeSet<String> sources = sources();

    assertThat(page())
        .isNotEmpty()
        .filteredOn(shown -> sources.stream().noneMatch(message -> isOf(shown, message)))
        .isEmpty();
  }

  private static TreeSet<String> sources() throws IOException {
    TreeSet<String> messages = new TreeSet<>();
    for (String module : List.of("importer", "scheduler")) {
      messages.addAll(
          UserMessages.of(Readme.REPOSITORY.resolve("jobs/" + module + "/src/main/java")));
    }
    return messages;
  }

  /** What stands in the first columns of the tables. */
  private static List<String> page() throws IOException {
    String text = Readme.read("docs/operations.md").text();
    return text.substring(text.indexOf(HEADING))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(1, line.indexOf(" | ", 1)))
        .flatMap(cell -> MESSAGE.matcher(cell).results())
        .map(message -> message.group(1))
        .toList();
  }

  /** The page may have the beginning only, with "…" for the rest. */
  private static boolean isOf(String shown, String message) {
    String beginning = shown.substring(0, shown.length() - 1);
    return message.equals(shown)
        || shown.endsWith(UserMessages.VARIABLE)
            && beginning.length() >= SHORTEST_BEGINNING
            && message.startsWith(beginning);
  }
}

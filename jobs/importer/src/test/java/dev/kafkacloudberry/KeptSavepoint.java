package dev.kafkacloudberry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * A savepoint of an earlier build, and what there was besides: the ledger, and Kafka's id of the
 * topic. It was made by stopping the import, so that it holds the last commit, which was made right
 * after it, and staged files no longer.
 */
record KeptSavepoint(Path folder) {

  private static final Path ALL =
      Path.of("src/test/resources/dev/kafkacloudberry/savepoints").toAbsolutePath();
  static final Path IMPORT = ALL.resolve("import.sql");
  static final String TOPIC = "orders";
  static final int PARTITIONS = 4;

  /** How many messages the topic had, and rows the table, when it was made. */
  static final int MESSAGES = 150;

  private static final String METADATA = "_metadata";
  private static final String TOPIC_ID = "topic-id";
  private static final String LEDGER = "ledger.sql";

  static List<KeptSavepoint> all() throws IOException {
    try (Stream<Path> folders = Files.list(ALL)) {
      return folders.filter(Files::isDirectory).sorted().map(KeptSavepoint::new).toList();
    }
  }

  static void keep(String build, Path savepoint, Uuid topicId, List<String> ledger)
      throws IOException {
    try (Stream<Path> files = Files.list(savepoint)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(METADATA);
    }
    assertThat(Files.readString(savepoint.resolve(METADATA), ISO_8859_1))
        .as("where the rows of its commit were staged")
        .contains("cloudberry-staging");
    Path folder = Files.createDirectories(ALL.resolve(build));
    Files.copy(savepoint.resolve(METADATA), folder.resolve(METADATA));
    Files.writeString(folder.resolve(TOPIC_ID), topicId + "\n");
    Files.write(folder.resolve(LEDGER), ledger);
  }

  /** The statements that fill the ledger, with the id of a topic that takes the other's place. */
  String ledger(Uuid topicId) throws IOException {
    return Files.readString(folder.resolve(LEDGER)).replace(topicId().toString(), topicId + "");
  }

  /**
   * Puts a copy of the savepoint somewhere in which the topic is another one. Kafka lets nobody
   * choose a topic's id, and a state of another id is refused; nothing else is changed.
   */
  Path copyFor(Uuid topicId, Path directory) throws IOException {
    String state = new String(Files.readAllBytes(folder.resolve(METADATA)), ISO_8859_1);
    String changed =
        state
            .replace(bytes(topicId()), bytes(topicId))
            .replace(topicId().toString(), topicId.toString());
    Path copy = Files.createTempDirectory(directory, "savepoint-kept-");
    Files.write(copy.resolve(METADATA), changed.getBytes(ISO_8859_1));
    return copy;
  }

  private Uuid topicId() throws IOException {
    return Uuid.fromString(Files.readString(folder.resolve(TOPIC_ID)).strip());
  }

  /** As the state of the source has it; the sink's has its text. */
  private static String bytes(Uuid id) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    return new String(bytes.array(), ISO_8859_1);
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}

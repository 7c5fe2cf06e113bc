package dev.kafkacloudberry.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.KafkaBroker;
import dev.kafkacloudberry.testbed.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random predicates on a topic find what they find in memory, where nothing is pushed. */
@Timeout(180)
class RandomQueriesITCase {

  private static final int PARTITIONS = 3;
  private static final int OFFSETS = 12;
  private static final int QUERIES = 24;

  private static KafkaBroker broker;

  private final long seed = Long.getLong("seed", new Random().nextLong());
  private final Random random = new Random(seed);

  @BeforeAll
  static void start() {
    broker = KafkaBroker.start();
    broker.createTopic("grid", PARTITIONS);
    List<Message> messages = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (int offset = 0; offset < OFFSETS; offset++) {
        messages.add(Message.of(Integer.toString(offset % 5)).to(partition));
      }
    }
    broker.produce("grid", messages);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aTopicAndItsCopyInMemoryAnswerAlike() {
    KafkaTables tables =
        KafkaTables.of(
                broker.bootstrapServers(),
                RuntimeExecutionMode.BATCH,
                new Configuration().set(CoreOptions.DEFAULT_PARALLELISM, 1))
            // One poll for each message, so that every gap is sought over.
            .with("grid", "n INT", "'format' = 'csv', 'batch-size' = '1'");
    tables.environment().executeSql("CREATE TEMPORARY VIEW copy AS " + copy());
    List<String> predicates =
        IntStream.range(0, QUERIES).mapToObj(i -> predicate(random.nextInt(4))).toList();

    assertThat(tables.rows(query("grid", predicates)))
        .as("-Dseed=%d: %s", seed, predicates)
        .containsExactlyInAnyOrderElementsOf(tables.rows(query("copy", predicates)));
  }

  private static String query(String table, List<String> predicates) {
    return IntStream.range(0, predicates.size())
        .mapToObj(
            i -> "SELECT %d, part, offs FROM %s WHERE %s".formatted(i, table, predicates.get(i)))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private static String copy() {
    return IntStream.range(0, PARTITIONS * OFFSETS)
        .mapToObj(i -> "(%d, %d, %d)".formatted(i / OFFSETS, i % OFFSETS, i % OFFSETS % 5))
        .collect(
            Collectors.joining(
                ", ",
                "SELECT part, CAST(offs AS BIGINT) AS offs, n FROM (VALUES ",
                ") AS v(part, offs, n)"));
  }

  private String predicate(int depth) {
    if (depth == 0) {
      return leaf();
    }
    String left = predicate(depth - 1);
    String right = predicate(random.nextInt(depth));
    return switch (random.nextInt(4)) {
      case 0 -> "NOT (%s)".formatted(left);
      case 1 -> "(%s AND %s)".formatted(left, right);
      default -> "(%s OR %s)".formatted(left, right);
    };
  }

  private String leaf() {
    String comparison = List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
    String column = random.nextInt(3) == 0 ? "part" : "offs";
    return switch (random.nextInt(12)) {
      case 0 -> "%s %sIN (%d, %d, %d)".formatted(column, not(), number(), number(), number());
      case 1 -> "%s %sBETWEEN %d AND %d".formatted(column, not(), number(), number());
      case 2 -> "(part, offs) IN ((%d, %d), (1, %d))".formatted(part(), number(), number());
      case 3 -> "%d %s %s".formatted(number(), comparison, column);
      case 4 -> "%s %s %d.5".formatted(column, comparison, Math.abs(number()));
      case 5 -> "CAST(%s AS DOUBLE) %s %d.25e0".formatted(column, comparison, Math.abs(number()));
      case 6 -> "%s %s CAST('%d' AS BIGINT)".formatted(column, comparison, number());
      case 7 -> "%s %s CAST(NULL AS INT)".formatted(column, comparison);
      case 8 -> "%s IS %sNULL".formatted(column, not());
      case 9 -> "n %s %d".formatted(comparison, number());
      case 10 -> "%s + 1 %s %d".formatted(column, comparison, number());
      default -> "%s %s %d".formatted(column, comparison, number());
    };
  }

  private String not() {
    return random.nextBoolean() ? "NOT " : "";
  }

  private int number() {
    return random.nextInt(OFFSETS + 4) - 2;
  }

  private int part() {
    return random.nextInt(PARTITIONS + 1);
  }
}

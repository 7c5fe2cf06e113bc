package dev.kafkacloudberry.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.testbed.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageGeneratorTest {
  private static final int PARTITIONS = 4;

  @Test
  void theSameSeedGivesTheSameMessages() {
    assertThat(values(messages(1, 1000)))
        .isEqualTo(values(messages(1, 1000)))
        .isNotEqualTo(values(messages(2, 1000)));
  }

  @Test
  void theSeriesGoesOnWhereItWas() {
    MessageGenerator generator = new MessageGenerator(MessageFormat.CSV, PARTITIONS, 1);
    List<Message> messages = new ArrayList<>();
    generator.next(400).forEach(messages::add);
    generator.next(600).forEach(messages::add);

    assertThat(values(messages)).isEqualTo(values(messages(1, 1000)));
  }

  @Test
  void everyPartitionHasMessages() {
    assertThat(messages(1, 1000)).extracting(Message::partition).contains(0, 1, 2, 3);
  }

  @Test
  void someMessagesAreRepeatedAndMostAreNot() {
    List<String> values = values(messages(1, 10_000));

    assertThat(new HashSet<>(values)).hasSizeBetween(9_900, 9_999);
  }

  @Test
  void theValuesAreNotHarmless() {
    assertThat(values(messages(1, 10_000)))
        .anyMatch(value -> value.contains("\"\""))
        .anyMatch(value -> value.contains("\n"))
        .anyMatch(value -> value.contains("你好"))
        .anyMatch(value -> value.startsWith(","))
        .anyMatch(value -> value.contains(",,"))
        .anyMatch(value -> value.matches("(?s).*\\.\\d{6}"))
        .anyMatch(value -> value.endsWith(","));
  }

  private static List<Message> messages(long seed, long count) {
    List<Message> messages = new ArrayList<>();
    new MessageGenerator(MessageFormat.CSV, PARTITIONS, seed).next(count).forEach(messages::add);
    return messages;
  }

  private static List<String> values(List<Message> messages) {
    return messages.stream().map(message -> new String(message.value(), UTF_8)).toList();
  }
}

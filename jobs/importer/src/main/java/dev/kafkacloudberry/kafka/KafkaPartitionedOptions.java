package dev.kafkacloudberry.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.ValidationException;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The options of the table beyond those of Flink's Kafka table. */
final class KafkaPartitionedOptions {

  /** Before the names of the consumer's own settings. */
  static final String PROPERTIES_PREFIX = "properties.";

  static final ConfigOption<Integer> BATCH_SIZE =
      ConfigOptions.key("batch-size")
          .intType()
          .noDefaultValue()
          .withDescription(
              "The most messages that one poll returns, at least 1; the consumer's"
                  + " 'max.poll.records'. Kafka's default is 500.");

  static final ConfigOption<Duration> BUFFER_DELAY =
      ConfigOptions.key("buffer-delay")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "The longest that a broker waits for new messages before it answers a poll, from 1 ms"
                  + " to 20 s; the consumer's 'fetch.max.wait.ms'. Kafka's default is 500 ms. No"
                  + " message is lost and no query ends early when it runs out.");

  /** Below the 30 s after which the consumer gives up on a broker's answer. */
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

  static final ConfigOption<MissingOffsets> MISSING_OFFSETS =
      ConfigOptions.key("scan.missing-offsets")
          .enumType(MissingOffsets.class)
          .defaultValue(MissingOffsets.FAIL)
          .withDescription(
              "What happens when a restored or requested offset is no longer in the topic, since"
                  + " messages have expired or the topic was created anew. 'fail' ends the job and"
                  + " names the offsets; 'skip' goes on with the first message that is there, or at"
                  + " the end of a topic that ends before the offset. A topic that was created anew"
                  + " is then read from its beginning.");

  private KafkaPartitionedOptions() {}

  /**
   * Adds the consumer's settings that a table's options stand for.
   *
   * @throws ValidationException for a value that is not allowed, and for a setting that is also
   *     given as one of the consumer's own
   */
  static void apply(Map<String, String> options) {
    value(options, BATCH_SIZE, "a whole number from 1 up", size -> size >= 1)
        .ifPresent(
            size ->
                set(
                    options,
                    BATCH_SIZE,
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    Integer.toString(size)));
    value(
            options,
            BUFFER_DELAY,
            "a duration from 1 ms to 20 s, like '1 s'",
            delay -> delay.toMillis() >= 1 && delay.compareTo(LONGEST_DELAY) <= 0)
        .ifPresent(
            delay ->
                set(
                    options,
                    BUFFER_DELAY,
                    ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                    Long.toString(delay.toMillis())));
  }

  private static <T> Optional<T> value(
      Map<String, String> options, ConfigOption<T> option, String allowed, Predicate<T> isAllowed) {
    Optional<T> value;
    try {
      value = Configuration.fromMap(options).getOptional(option);
    } catch (IllegalArgumentException e) {
      throw notAllowed(options, option, allowed, e);
    }
    if (value.filter(isAllowed.negate()).isPresent()) {
      throw notAllowed(options, option, allowed, null);
    }
    return value;
  }

  private static ValidationException notAllowed(
      Map<String, String> options, ConfigOption<?> option, String allowed, Exception cause) {
    return new ValidationException(
        "'%s' is '%s', which is not allowed: it is %s."
            .formatted(option.key(), options.get(option.key()), allowed),
        cause);
  }

  private static void set(
      Map<String, String> options, ConfigOption<?> option, String setting, String value) {
    String key = PROPERTIES_PREFIX + setting;
    if (options.containsKey(key)) {
      throw new ValidationException(
          "'%s' and '%s' are the same setting: give one of them.".formatted(option.key(), key));
    }
    options.put(key, value);
  }
}

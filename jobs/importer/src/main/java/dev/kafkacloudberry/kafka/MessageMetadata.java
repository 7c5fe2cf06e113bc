package dev.kafkacloudberry.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What a metadata column holds of a message, under the keys and in the types of Flink's table. */
enum MessageMetadata {
  TOPIC("topic", message -> topic(message.topic())),
  PARTITION("partition", ConsumerRecord::partition),
  HEADERS("headers", MessageMetadata::headers),
  LEADER_EPOCH("leader-epoch", message -> message.leaderEpoch().orElse(null)),
  OFFSET("offset", ConsumerRecord::offset),
  TIMESTAMP("timestamp", message -> TimestampData.fromEpochMillis(message.timestamp())),
  TIMESTAMP_TYPE(
      "timestamp-type", message -> StringData.fromString(message.timestampType().toString())),
  JUNK(Junk.MESSAGE, (message, error) -> error == null ? null : message.value()),
  JUNK_ERROR(Junk.ERROR, (message, error) -> error);

  /** There are few topics, and many messages of each. */
  private static final Map<String, StringData> TOPICS = new ConcurrentHashMap<>();

  private final String key;
  private final BiFunction<ConsumerRecord<byte[], byte[]>, StringData, Object> value;

  MessageMetadata(String key, Function<ConsumerRecord<byte[], byte[]>, Object> value) {
    this(key, (message, error) -> value.apply(message));
  }

  MessageMetadata(
      String key, BiFunction<ConsumerRecord<byte[], byte[]>, StringData, Object> value) {
    this.key = key;
    this.value = value;
  }

  static MessageMetadata of(String key) {
    return Stream.of(values())
        .filter(metadata -> metadata.key.equals(key))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("There is no metadata '%s'.".formatted(key)));
  }

  /**
   * @param error what is wrong with the message, null if nothing is
   */
  Object read(ConsumerRecord<byte[], byte[]> message, StringData error) {
    return value.apply(message, error);
  }

  private static StringData topic(String name) {
    return TOPICS.computeIfAbsent(name, StringData::fromString);
  }

  private static GenericMapData headers(ConsumerRecord<byte[], byte[]> message) {
    Map<StringData, byte[]> headers = new HashMap<>();
    for (Header header : message.headers()) {
      headers.put(StringData.fromString(header.key()), header.value());
    }
    return new GenericMapData(headers);
  }
}

package dev.kafkacloudberry.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** What a metadata column holds of a message, under the keys and in the types of Flink's table. */
enum MessageMetadata {
  TOPIC("topic"),
  PARTITION("partition"),
  HEADERS("headers"),
  LEADER_EPOCH("leader-epoch"),
  OFFSET("offset"),
  TIMESTAMP("timestamp"),
  TIMESTAMP_TYPE("timestamp-type"),
  JUNK(Junk.MESSAGE),
  JUNK_ERROR(Junk.ERROR);

  /** There are few topics, and many messages of each. */
  private static final Map<String, StringData> TOPICS = new ConcurrentHashMap<>();

  private final String key;

  MessageMetadata(String key) {
    this.key = key;
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
    return switch (this) {
      case TOPIC -> topic(message.topic());
      case PARTITION -> message.partition();
      case HEADERS -> headers(message);
      case LEADER_EPOCH -> message.leaderEpoch().orElse(null);
      case OFFSET -> message.offset();
      case TIMESTAMP -> TimestampData.fromEpochMillis(message.timestamp());
      case TIMESTAMP_TYPE -> StringData.fromString(message.timestampType().toString());
      case JUNK -> error == null ? null : message.value();
      case JUNK_ERROR -> error;
    };
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

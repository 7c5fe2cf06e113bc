package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Place;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.binary.BinaryStringData;

/**
 * Where the row lies that is being written. It moves from row to row; only a topic that is another
 * than the row's before costs more than a look.
 */
final class RowPlace {

  private final boolean given;
  private final int topicAt;
  private final int partitionAt;
  private final int offsetAt;

  /** Each topic in one string, whatever rows it comes in. */
  private final Map<StringData, StringData> topics = new HashMap<>();

  private StringData topicBytes;
  private String topic;
  private int partition;
  private long offset;
  private boolean known;

  RowPlace(MetadataPositions metadata) {
    given = metadata.havePlace();
    topicAt = given ? metadata.of(RowMetadata.TOPIC) : 0;
    partitionAt = given ? metadata.of(RowMetadata.PARTITION) : 0;
    offsetAt = given ? metadata.of(RowMetadata.OFFSET) : 0;
  }

  void moveTo(RowData row) {
    known =
        given && !row.isNullAt(topicAt) && !row.isNullAt(partitionAt) && !row.isNullAt(offsetAt);
    if (known) {
      StringData value = row.getString(topicAt);
      if (!isTopic(value)) {
        moveToTopic(value);
      }
      partition = row.getInt(partitionAt);
      offset = row.getLong(offsetAt);
    }
  }

  /**
   * Sources make strings of Java strings, exchanges make strings of bytes; neither is converted.
   */
  private boolean isTopic(StringData value) {
    if (topic == null) {
      return false;
    }
    String text = value instanceof BinaryStringData binary ? binary.getJavaObject() : null;
    return text != null ? text.equals(topic) : value.equals(topicBytes);
  }

  private void moveToTopic(StringData value) {
    topicBytes = topics.get(value);
    if (topicBytes == null) {
      // The row's own bytes may be those of the next row before long.
      topicBytes = StringData.fromString(value.toString());
      topics.put(topicBytes, topicBytes);
    }
    topic = topicBytes.toString();
  }

  /** Whether the rows of this query say where they lie. */
  boolean isGiven() {
    return given;
  }

  /** Whether this row says so; what follows means something only then. */
  boolean isKnown() {
    return known;
  }

  /** The same object for the same topic. */
  String topic() {
    return topic;
  }

  int partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  Optional<Place> asPlace() {
    return known ? Optional.of(new Place(topic, partition, offset)) : Optional.empty();
  }
}

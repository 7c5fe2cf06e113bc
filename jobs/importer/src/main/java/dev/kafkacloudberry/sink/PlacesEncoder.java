package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Writes where the rows of a file lie, as {@link PlacesReader} reads it. Rows with consecutive
 * offsets of one partition are one run; a run is two bytes where rows are missing in between, and
 * some more where the partition changes.
 *
 * <pre>
 * file    magic, version, run*
 * run     count and kind, [topic, partition], [first offset]
 * count and kind  variable length: count * 4 + kind
 * kind    0: same partition as the run before; 1: another one; 2: rows that do not say
 * topic   variable length: its number in the order of appearance; the name follows a new number
 * partition       variable length
 * first offset    variable length, signed: less the end of the last run that had one
 * </pre>
 */
final class PlacesEncoder {

  static final int MAGIC = 0x4b32_504c; // K2PL
  static final int VERSION = 1;
  static final int SAME_PARTITION = 0;
  static final int OTHER_PARTITION = 1;
  static final int NO_PLACE = 2;
  static final int KIND_BITS = 2;

  private final DataOutputSerializer out;
  private final Map<String, Integer> topics = new HashMap<>();

  private String topic;
  private int partition;
  private long first;
  private long count;
  private boolean known;

  private String writtenTopic;
  private int writtenPartition;
  private long writtenEnd;

  PlacesEncoder(DataOutputSerializer out) {
    this.out = out;
  }

  /** Begins a file. */
  void begin() throws IOException {
    out.writeInt(MAGIC);
    out.writeByte(VERSION);
    topics.clear();
    writtenTopic = null;
    writtenEnd = 0;
  }

  void add(RowPlace place) throws IOException {
    if (count == 0 || !continuesWith(place)) {
      endRun();
      known = place.isKnown();
      topic = place.topic();
      partition = place.partition();
      first = place.offset();
    }
    count++;
  }

  private boolean continuesWith(RowPlace place) {
    return place.isKnown() == known
        && (!known
            || place.offset() == first + count
                && place.partition() == partition
                && place.topic().equals(topic));
  }

  /** Writes what is left of the file. */
  void endRun() throws IOException {
    if (count == 0) {
      return;
    }
    if (!known) {
      writeUnsigned(count << KIND_BITS | NO_PLACE);
    } else if (partition == writtenPartition && topic.equals(writtenTopic)) {
      writeUnsigned(count << KIND_BITS | SAME_PARTITION);
      writeFirst();
    } else {
      writeUnsigned(count << KIND_BITS | OTHER_PARTITION);
      writeTopic();
      writeUnsigned(Integer.toUnsignedLong(partition));
      writtenPartition = partition;
      writeFirst();
    }
    count = 0;
  }

  private void writeTopic() throws IOException {
    Integer number = topics.get(topic);
    if (number == null) {
      writeUnsigned(topics.size());
      out.writeUTF(topic);
      topics.put(topic, topics.size());
    } else {
      writeUnsigned(number);
    }
    writtenTopic = topic;
  }

  private void writeFirst() throws IOException {
    long step = first - writtenEnd;
    writeUnsigned(step << 1 ^ step >> 63);
    writtenEnd = first + count;
  }

  /** Seven bits a byte, the lowest first; the high bit says that more follow. */
  private void writeUnsigned(long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }
}

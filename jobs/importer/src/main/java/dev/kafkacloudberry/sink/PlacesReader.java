package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileReader;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads where the rows of a file lie, run by run. What was read is known to be right when the end
 * was read.
 */
final class PlacesReader implements Closeable {

  private static final int END = -1;

  private final DataInputStream in;
  private final List<String> topics = new ArrayList<>();
  private String topic;
  private int partition;
  private long end;

  /**
   * @param in what {@link PlacesEncoder} has written
   */
  PlacesReader(InputStream in) throws IOException {
    this.in = new DataInputStream(new BufferedInputStream(in));
    int magic = this.in.readInt();
    int version = this.in.readByte();
    if (magic != PlacesEncoder.MAGIC || version != PlacesEncoder.VERSION) {
      throw new IOException(
          "This is no file of places that this build reads (version %d). Run the build that wrote it, or a newer one"
              .formatted(version));
    }
  }

  static PlacesReader open(StagedFile file) throws IOException {
    return new PlacesReader(StagedFileReader.open(file));
  }

  /** The next run, or empty at the end of the file. */
  Optional<PlaceRun> next() throws IOException {
    int begin = in.read();
    if (begin == END) {
      return Optional.empty();
    }
    long countAndKind = readUnsigned(begin);
    long count = countAndKind >>> PlacesEncoder.KIND_BITS;
    int kind = (int) countAndKind & (1 << PlacesEncoder.KIND_BITS) - 1;
    if (kind == PlacesEncoder.NO_PLACE) {
      return Optional.of(new PlaceRun(Optional.empty(), count));
    }
    if (kind == PlacesEncoder.OTHER_PARTITION) {
      topic = readTopic();
      partition = (int) readUnsigned(in.readUnsignedByte());
    }
    long step = readUnsigned(in.readUnsignedByte());
    long first = end + (step >>> 1 ^ -(step & 1));
    end = first + count;
    return Optional.of(new PlaceRun(Optional.of(new Place(topic, partition, first)), count));
  }

  private String readTopic() throws IOException {
    int number = (int) readUnsigned(in.readUnsignedByte());
    if (number == topics.size()) {
      topics.add(in.readUTF());
    }
    return topics.get(number);
  }

  private long readUnsigned(int begin) throws IOException {
    long value = begin & 0x7F;
    int last = begin;
    for (int shift = 7; (last & 0x80) != 0; shift += 7) {
      if (shift > 63) {
        throw new EOFException("A number of a file of places has no end");
      }
      last = in.readUnsignedByte();
      value |= (long) (last & 0x7F) << shift;
    }
    return value;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

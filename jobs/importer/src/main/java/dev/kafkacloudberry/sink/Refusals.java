package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RejectData;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of a committable that the database refuses: which rows of which file, and their rejects,
 * which may be more than the memory holds.
 */
final class Refusals implements AutoCloseable {

  private record Partition(String topic, int number) {}

  /**
   * @param file the number of its file among those of the committable
   */
  private record Refused(int file, int row, Reject reject) {

    void write(DataOutputStream out) throws IOException {
      out.writeInt(file);
      out.writeInt(row);
      RejectsEncoding.write(reject, out);
    }

    static Refused read(DataInputStream in) throws IOException {
      return new Refused(in.readInt(), in.readInt(), RejectsEncoding.read(in));
    }
  }

  private final Load load;
  private final List<DataFile> files;
  private final Path file;
  private final DataOutputStream rejects;
  private final Map<DataFile, BitSet> rows = new HashMap<>();
  private long count;

  /**
   * @param load what the rows are of
   * @param files that hold them
   */
  Refusals(Load load, List<DataFile> files) throws IOException {
    this.load = load;
    this.files = files;
    file = Files.createTempFile("cloudberry-rejects-", null);
    rejects = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  /**
   * @param row the number of the row in its file, from 0
   */
  void add(DataFile of, int row, Reject reject) throws IOException {
    rows.computeIfAbsent(of, key -> new BitSet()).set(row);
    new Refused(files.indexOf(of), row, reject).write(rejects);
    count++;
  }

  /** Adds those of others. */
  void addAll(Refusals others) throws IOException {
    try (DataInputStream in = others.open()) {
      for (long i = 0; i < others.count; i++) {
        Refused refused = Refused.read(in);
        add(files.get(refused.file()), refused.row(), refused.reject());
      }
    }
  }

  long count() {
    return count;
  }

  boolean has(DataFile of, int row) {
    return of(of).get(row);
  }

  /** The first of them, of which there has to be one. */
  Reject first() throws IOException {
    try (DataInputStream in = open()) {
      return Refused.read(in).reject();
    }
  }

  /** The rows of a file that are refused, empty if all are taken. */
  BitSet of(DataFile data) {
    return rows.getOrDefault(data, new BitSet());
  }

  /** The load with these rows rejected. */
  Load rest() throws IOException {
    Map<Partition, NavigableMap<Long, OffsetRange>> ranges = new HashMap<>();
    for (OffsetRange range : load.ranges()) {
      ranges
          .computeIfAbsent(
              new Partition(range.topic(), range.partition()), partition -> new TreeMap<>())
          .put(range.from(), range);
    }
    Map<OffsetRange, Long> rejected = new HashMap<>();
    forEach(
        reject ->
            reject
                .place()
                .flatMap(place -> range(ranges, place))
                .ifPresent(range -> rejected.merge(range, 1L, Long::sum)));
    return load.withRejected(
        count,
        load.ranges().stream()
            .map(range -> range.withRejected(rejected.getOrDefault(range, 0L)))
            .toList());
  }

  private static Optional<OffsetRange> range(
      Map<Partition, NavigableMap<Long, OffsetRange>> ranges, Place place) {
    return Optional.ofNullable(ranges.get(new Partition(place.topic(), place.partition())))
        .map(ofPartition -> ofPartition.floorEntry(place.offset()))
        .map(Map.Entry::getValue);
  }

  /** Gives the rejects, in the order in which they were added. */
  void forEach(RejectData.Consumer consumer) throws IOException {
    try (DataInputStream in = open()) {
      for (long i = 0; i < count; i++) {
        consumer.accept(Refused.read(in).reject());
      }
    }
  }

  private DataInputStream open() throws IOException {
    rejects.flush();
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  @Override
  public void close() throws IOException {
    rejects.close();
    Files.deleteIfExists(file);
  }
}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RejectData;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
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

  private final Load load;
  private final Map<DataFile, BitSet> rows = new HashMap<>();
  private final Map<Partition, NavigableMap<Long, OffsetRange>> ranges = new HashMap<>();
  private final Map<OffsetRange, Long> rowsOfRanges = new HashMap<>();
  private final Path file;
  private final DataOutputStream rejects;
  private long count;

  /**
   * @param load what the rows are of
   */
  Refusals(Load load) throws IOException {
    this.load = load;
    for (OffsetRange range : load.ranges()) {
      ranges
          .computeIfAbsent(
              new Partition(range.topic(), range.partition()), partition -> new TreeMap<>())
          .put(range.from(), range);
    }
    file = Files.createTempFile("cloudberry-rejects-", null);
    rejects = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    RejectsEncoding.writeHeader(rejects);
  }

  /**
   * @param row the number of the row in its file, from 0
   */
  void add(DataFile of, int row, Reject reject) throws IOException {
    rows.computeIfAbsent(of, key -> new BitSet()).set(row);
    reject.place().flatMap(this::range).ifPresent(r -> rowsOfRanges.merge(r, 1L, Long::sum));
    RejectsEncoding.write(reject, rejects);
    count++;
  }

  private Optional<OffsetRange> range(Place place) {
    return Optional.ofNullable(ranges.get(new Partition(place.topic(), place.partition())))
        .map(ofPartition -> ofPartition.floorEntry(place.offset()))
        .map(Map.Entry::getValue);
  }

  long count() {
    return count;
  }

  /** The rows of a file that are refused, empty if all are taken. */
  BitSet of(DataFile data) {
    return rows.getOrDefault(data, new BitSet());
  }

  /** The load with these rows rejected. */
  Load rest() {
    return load.withRejected(
        count,
        load.ranges().stream()
            .map(range -> range.withRejected(rowsOfRanges.getOrDefault(range, 0L)))
            .toList());
  }

  void forEach(RejectData.Consumer consumer) throws IOException {
    rejects.flush();
    try (InputStream in = Files.newInputStream(file)) {
      RejectsEncoding.read(in, consumer);
    }
  }

  @Override
  public void close() throws IOException {
    rejects.close();
    Files.deleteIfExists(file);
  }
}

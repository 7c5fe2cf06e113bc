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
import java.util.List;
import java.util.Map;

/**
 * The rows of a committable that the database refuses: which rows of which file, and their rejects,
 * which may be more than the memory holds.
 */
final class Refusals implements AutoCloseable {

  private record Partition(String topic, int number) {}

  private final Map<DataFile, BitSet> rows = new HashMap<>();
  private final Map<Partition, Long> rowsOfPartitions = new HashMap<>();
  private final Path file;
  private final DataOutputStream rejects;
  private long count;

  Refusals() throws IOException {
    file = Files.createTempFile("cloudberry-rejects-", null);
    rejects = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    RejectsEncoding.writeHeader(rejects);
  }

  /**
   * @param row the number of the row in its file, from 0
   */
  void add(DataFile of, int row, Reject reject) throws IOException {
    rows.computeIfAbsent(of, key -> new BitSet()).set(row);
    reject
        .place()
        .map(Refusals::partition)
        .ifPresent(p -> rowsOfPartitions.merge(p, 1L, Long::sum));
    RejectsEncoding.write(reject, rejects);
    count++;
  }

  private static Partition partition(Place place) {
    return new Partition(place.topic(), place.partition());
  }

  long count() {
    return count;
  }

  /** The rows of a file that are refused, empty if all are taken. */
  BitSet of(DataFile data) {
    return rows.getOrDefault(data, new BitSet());
  }

  /** The load with these rows rejected. */
  Load without(Load load) {
    List<OffsetRange> ranges =
        load.ranges().stream()
            .map(
                range ->
                    range.withRejected(
                        rowsOfPartitions.getOrDefault(
                            new Partition(range.topic(), range.partition()), 0L)))
            .toList();
    return load.withRejected(count, ranges);
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

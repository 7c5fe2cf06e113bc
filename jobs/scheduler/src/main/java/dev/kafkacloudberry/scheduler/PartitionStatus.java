package dev.kafkacloudberry.scheduler;

import dev.kafkacloudberry.scheduler.database.SinkProgress;
import dev.kafkacloudberry.scheduler.flink.PartitionProgress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a sink is with a partition, and what is left.
 *
 * @param end the offset behind the last message; null where no job runs that tells
 * @param lag how far what is committed is behind the end. Where nothing is committed, nobody knows
 *     where the job began: then it is what is still to be read
 */
record PartitionStatus(SinkProgress progress, Long end, Long lag) {

  /** Of several sources that read one partition, the one that has most before it is the first. */
  private static final Comparator<PartitionProgress> ORDER =
      Comparator.comparing(PartitionProgress::topic)
          .thenComparing(PartitionProgress::partition)
          .thenComparing(PartitionProgress::next);

  /**
   * What is committed, and behind it the partitions that are read and of which nothing is.
   *
   * @param reading what a running job tells, if one runs
   */
  static List<PartitionStatus> of(List<SinkProgress> committed, List<PartitionProgress> reading) {
    Map<String, PartitionProgress> read = new LinkedHashMap<>();
    reading.stream().sorted(ORDER).forEach(one -> read.putIfAbsent(one.name(), one));
    List<PartitionStatus> all = new ArrayList<>();
    for (SinkProgress one : committed) {
      all.add(of(one, read.get(one.name()), one.nextOffset()));
    }
    committed.forEach(one -> read.remove(one.name()));
    for (PartitionProgress one : read.values()) {
      all.add(of(SinkProgress.nothing(one.topic(), one.partition()), one, one.next()));
    }
    return all;
  }

  private static PartitionStatus of(SinkProgress progress, PartitionProgress read, Long next) {
    if (read == null || read.end().isEmpty()) {
      return new PartitionStatus(progress, null, null);
    }
    long end = read.end().getAsLong();
    return new PartitionStatus(progress, end, Math.max(0, end - next));
  }

  /** How much of the partition is committed, of so many parts; null if that cannot be said. */
  Integer parts(int all) {
    if (end == null || end == 0) {
      return null;
    }
    long next = progress.nextOffset() == null ? 0 : progress.nextOffset();
    return (int) Math.min(all, all * next / end);
  }
}

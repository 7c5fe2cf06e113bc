package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.TargetFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.sink.SinkHarness.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs that start from whatever state there ever was, or from none, and crash wherever they can,
 * one after the other. The model is plain: what the partitions hold is in the table, once.
 */
class RandomRestartsITCase extends CommitStories {

  private static final int PARTITIONS = 3;
  private static final int STARTS = 12;

  /** A checkpoint or savepoint: the sink's part of it, and the offsets of its source. */
  private record Saved(Snapshot sink, long[] next) {}

  private final long[] end = new long[PARTITIONS];
  private final List<Saved> everSaved = new ArrayList<>();
  private Random random;

  /** What the run that is under way would start from again. */
  private Saved latest;

  private long checkpoint;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyRowIsInTheTableOnce(long seed) throws Exception {
    random = new Random(seed);
    target.places();
    for (int start = 0; start < STARTS; start++) {
      produce();
      runUntilItCrashes(start);
      assertThat(target.outcome().rows())
          .as("seed %d, start %d", seed, start)
          .doesNotHaveDuplicates();
    }
    try (SinkHarness last = target.resubmitted().sink().start(2)) {
      long[] next = new long[PARTITIONS];
      read(last, 2, next, Long.MAX_VALUE);
      last.checkpoint(++checkpoint);
      last.complete(checkpoint);
    }
    assertThat(target.outcome().rows()).as("seed %d", seed).isEqualTo(everything());
  }

  private void runUntilItCrashes(int start) throws Exception {
    if (start == 0 || random.nextInt(4) > 0) {
      target.resubmitted();
      latest = begin();
    }
    Saved from = latest;
    boolean stateless = from.sink() == null;
    int writers = 1 + random.nextInt(3);
    try (SinkHarness sink = target.sink()) {
      long[] next = from.next().clone();
      if (stateless) {
        sink.start(writers);
      } else {
        sink.restore(from.sink(), writers);
      }
      int checkpoints = random.nextInt(4);
      for (int i = 0; i < checkpoints; i++) {
        read(sink, writers, next, 8);
        Snapshot snapshot = sink.checkpoint(++checkpoint);
        if (random.nextInt(5) == 0) {
          return; // It never became complete.
        }
        latest = new Saved(snapshot, next.clone());
        everSaved.add(latest);
        if (random.nextInt(4) == 0) {
          return; // Nobody has committed it.
        }
        sink.complete(checkpoint);
        produce();
      }
      read(sink, writers, next, 5);
    } catch (Exception e) {
      // A state whose pending commit others have loaded in part is of no use; the model has none.
      if (ExceptionUtils.findThrowable(e, SuppressRestartsException.class).isEmpty()
          || !ExceptionUtils.stringifyException(e).contains("are committed by job")) {
        throw e;
      }
    }
  }

  /** A new run begins with any state, or without where its user asks it to, mostly at 0. */
  private Saved begin() {
    if (!everSaved.isEmpty() && random.nextInt(3) > 0) {
      return random.nextBoolean()
          ? everSaved.get(everSaved.size() - 1)
          : everSaved.get(random.nextInt(everSaved.size()));
    }
    long[] next = new long[PARTITIONS];
    for (int partition = 0; partition < PARTITIONS && random.nextBoolean(); partition++) {
      next[partition] = random.nextLong(end[partition] + 1);
    }
    return new Saved(null, next);
  }

  /** Reads on from where the source stands, each partition in its order, to whichever writers. */
  private void read(SinkHarness sink, int writers, long[] next, long most) throws Exception {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      long until =
          most == Long.MAX_VALUE ? end[partition] : next[partition] + random.nextLong(most);
      while (next[partition] < Math.min(until, end[partition])) {
        long offset = next[partition]++;
        if (isMessage(offset)) {
          sink.write(random.nextInt(writers), row(id(partition, offset), partition, offset));
        }
      }
    }
  }

  private void produce() {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      end[partition] += random.nextInt(6);
    }
  }

  /** Some offsets hold none. */
  private static boolean isMessage(long offset) {
    return offset % 5 != 3;
  }

  private static int id(int partition, long offset) {
    return partition * 1_000_000 + (int) offset;
  }

  private List<Integer> everything() {
    List<Integer> ids = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      for (long offset = 0; offset < end[partition]; offset++) {
        if (isMessage(offset)) {
          ids.add(id(partition, offset));
        }
      }
    }
    return ids;
  }
}

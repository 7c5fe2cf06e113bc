package dev.kafkacloudberry.benchmarks;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Seconds of processors, as Linux counts them: what the machine had to do, however long it took.
 *
 * @param flink of JobManager and TaskManagers
 * @param database of all processes of the server
 * @param broker of this JVM, which the broker runs in
 */
record CpuTime(double flink, double database, double broker) {

  // Of /proc/PID/stat, behind the name in parentheses: the parent, and times in hundredths.
  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int USER_OF_ENDED_CHILDREN = 13;
  private static final int SYSTEM_OF_ENDED_CHILDREN = 14;
  private static final double TICKS_PER_SECOND = 100;

  /** Up to now. */
  static CpuTime used(PostgresServer postgres) {
    return new CpuTime(
        ProcessHandle.current()
            .children()
            .filter(CpuTime::isFlink)
            .mapToDouble(CpuTime::seconds)
            .sum(),
        ofDatabase(postgres),
        seconds(ProcessHandle.current()));
  }

  CpuTime since(CpuTime before) {
    return new CpuTime(flink - before.flink, database - before.database, broker - before.broker);
  }

  private static boolean isFlink(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains("org.apache.flink.runtime");
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static double ofDatabase(PostgresServer postgres) {
    String writer =
        postgres.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'").get(0);
    String pid = stat(writer)[PARENT];
    String[] postmaster = stat(pid);
    double running =
        ProcessHandle.of(Long.parseLong(pid))
            .orElseThrow()
            .children()
            .mapToDouble(CpuTime::seconds)
            .sum();
    return running
        + ticks(postmaster, USER)
        + ticks(postmaster, SYSTEM)
        + ticks(postmaster, USER_OF_ENDED_CHILDREN)
        + ticks(postmaster, SYSTEM_OF_ENDED_CHILDREN);
  }

  private static double ticks(String[] stat, int field) {
    return Long.parseLong(stat[field]) / TICKS_PER_SECOND;
  }

  private static String[] stat(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      throw new UncheckedIOException("CPU times are known on Linux only", e);
    }
  }
}

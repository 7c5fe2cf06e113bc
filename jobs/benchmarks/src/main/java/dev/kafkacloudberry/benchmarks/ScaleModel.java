package dev.kafkacloudberry.benchmarks;

/**
 * How fast an import would be on machines of its own. Reading and committing overlap: while one
 * checkpoint's rows are committed, by one {@code COPY} after the other, the next ones are read. A
 * checkpoint begins when its time has come and the commit before it is done.
 *
 * @param costs of a million rows
 * @param interval of checkpoints, in seconds
 * @param transaction what a commit takes beside its rows, in seconds
 */
record ScaleModel(Costs costs, double interval, double transaction) {

  /**
   * Seconds for a million rows.
   *
   * @param reader of the busiest thread of one parallel reader
   * @param flink of processors, for all that TaskManagers do
   * @param dispatch of a database process that only reads what {@code COPY} is sent
   * @param copy of one that stores it too
   */
  record Costs(double reader, double flink, double dispatch, double copy) {}

  /**
   * The machines.
   *
   * @param partitions of the topic, and so the parallelism
   * @param cores of all TaskManagers
   * @param segments that rows are spread over by a coordinator; 0 for one PostgreSQL
   * @param imports that share the partitions, each with a sink and a {@code COPY} of its own
   */
  record Cluster(int partitions, int cores, int segments, int imports) {

    /** An import without a partition has nothing to copy. */
    int copies() {
      return Math.min(imports, partitions);
    }
  }

  /**
   * @param rowsPerSecond in the mean, with the last commit
   * @param mostStaged rows that one commit of one import had to load
   * @param limit what would have to be more, or faster
   */
  record Outcome(double rowsPerSecond, double mostStaged, String limit) {}

  private static final double MILLION = 1e6;

  /** Imports so many rows, which are all there at the beginning. */
  Outcome simulate(Cluster cluster, double rows) {
    double reading = readingRate(cluster);
    double committing = committingRate(cluster);
    double allRead = rows / reading;
    double begun = 0;
    double done = 0;
    double staged = 0;
    double mostStaged = 0;
    while (staged < rows) {
      double begins = Math.max(Math.min(begun + interval, Math.max(allRead, begun)), done);
      double read = begins < allRead ? begins * reading : rows;
      mostStaged = Math.max(mostStaged, (read - staged) / cluster.copies());
      done = begins + transaction + (read - staged) / committing;
      staged = read;
      begun = begins;
    }
    return new Outcome(
        rows / done, mostStaged, reading < committing ? limitOfReading(cluster) : limitOf(cluster));
  }

  private double readingRate(Cluster cluster) {
    return MILLION * Math.min(cluster.partitions / costs.reader, cluster.cores / costs.flink);
  }

  private double committingRate(Cluster cluster) {
    return MILLION * Math.min(cluster.copies() / costs.dispatch, storingRate(cluster));
  }

  /** In millions of rows a second. */
  private double storingRate(Cluster cluster) {
    return cluster.segments == 0
        ? cluster.copies() / costs.copy
        : cluster.segments / (costs.copy - costs.dispatch);
  }

  private String limitOfReading(Cluster cluster) {
    return cluster.partitions / costs.reader < cluster.cores / costs.flink
        ? "partitions"
        : "TaskManagers";
  }

  private String limitOf(Cluster cluster) {
    return storingRate(cluster) < cluster.copies() / costs.dispatch
        ? cluster.segments == 0 ? "database" : "segments"
        : "coordinator";
  }
}

package dev.kafkacloudberry.benchmarks;

/**
 * How long a load took, in seconds.
 *
 * @param whole from the start of the command until the rows can be read
 * @param steady without the start of programs, as far as the way of loading has one
 */
record Timing(double whole, double steady) {

  static double secondsSince(long nanoTime) {
    return (System.nanoTime() - nanoTime) / 1e9;
  }
}

package dev.kafkacloudberry.benchmarks;

/** A way to get a topic, or a file of the same rows, into a table. */
interface WayToLoad {

  /** As it is called in the report. */
  String title();

  /**
   * Loads everything into an empty table.
   *
   * @param table exists, with the columns of the shape
   */
  Timing load(Scenario scenario, String table);
}

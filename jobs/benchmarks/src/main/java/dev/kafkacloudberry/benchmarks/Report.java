package dev.kafkacloudberry.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The measurements of a scenario as a table in Markdown: medians, the shortest and the longest, how
 * many times as fast the first way is as each, and the processor time of a million rows.
 *
 * @param measurements of each way to load
 */
record Report(Scenario scenario, Map<String, List<Measurement>> measurements) {

  private static final double MILLION = 1e6;

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            """
            ### %s; %,d rows

            | | steady | rows/s | ratio | whole | ratio | CPU s per million rows: Flink, database, broker |
            |---|---|---|---|---|---|---|
            """
                .formatted(scenario, scenario.rows()));
    List<Measurement> first = measurements.values().iterator().next();
    measurements.forEach((way, all) -> text.append(line(way, all, first)));
    return text.toString();
  }

  private String line(String way, List<Measurement> all, List<Measurement> first) {
    return "| %s | %s | %,.0f | %.2f | %s | %.2f | %.2f, %.2f, %.2f |%n"
        .formatted(
            way,
            spread(all, one -> one.timing().steady()),
            scenario.rows() / median(all, one -> one.timing().steady()),
            ratio(all, first, one -> one.timing().steady()),
            spread(all, one -> one.timing().whole()),
            ratio(all, first, one -> one.timing().whole()),
            ofMillion(all, one -> one.cpu().flink()),
            ofMillion(all, one -> one.cpu().database()),
            ofMillion(all, one -> one.cpu().broker()));
  }

  private double ofMillion(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
    return median(all, figure) * MILLION / scenario.rows();
  }

  private static double ratio(
      List<Measurement> all, List<Measurement> first, ToDoubleFunction<Measurement> figure) {
    return median(all, figure) / median(first, figure);
  }

  private static String spread(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
    double[] sorted = sorted(all, figure);
    return "%.2f s (%.2f to %.2f)"
        .formatted(median(all, figure), sorted[0], sorted[sorted.length - 1]);
  }

  private static double median(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
    double[] sorted = sorted(all, figure);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] sorted(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
    return all.stream().mapToDouble(figure).sorted().toArray();
  }
}

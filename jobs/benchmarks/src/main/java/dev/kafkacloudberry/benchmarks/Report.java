package dev.kafkacloudberry.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The timings of a scenario as a table in Markdown: medians, the shortest and the longest, and how
 * many times as fast the first way is as each.
 *
 * @param timings of each way to load
 */
record Report(Scenario scenario, Map<String, List<Timing>> timings) {

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            """
            ### %s; %,d rows

            | | steady | rows/s | ratio | whole | ratio |
            |---|---|---|---|---|---|
            """
                .formatted(scenario, scenario.rows()));
    List<Timing> first = timings.values().iterator().next();
    timings.forEach(
        (way, all) -> {
          double steady = median(all, Timing::steady);
          double whole = median(all, Timing::whole);
          text.append(
              "| %s | %.2f s (%.2f to %.2f) | %,.0f | %.2f | %.2f s (%.2f to %.2f) | %.2f |%n"
                  .formatted(
                      way,
                      steady,
                      sorted(all, Timing::steady)[0],
                      sorted(all, Timing::steady)[all.size() - 1],
                      scenario.rows() / steady,
                      steady / median(first, Timing::steady),
                      whole,
                      sorted(all, Timing::whole)[0],
                      sorted(all, Timing::whole)[all.size() - 1],
                      whole / median(first, Timing::whole)));
        });
    return text.toString();
  }

  private static double median(List<Timing> timings, ToDoubleFunction<Timing> figure) {
    double[] sorted = sorted(timings, figure);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] sorted(List<Timing> timings, ToDoubleFunction<Timing> figure) {
    return timings.stream().mapToDouble(figure).sorted().toArray();
  }
}

package dev.kafkacloudberry;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process tells Prometheus: a sample a line. */
record Exposition(List<Sample> samples) {

  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern SAMPLE =
      Pattern.compile("(\\w+)(?:\\{((?:" + LABEL + ",?)*)})? (\\S+)");

  /** A value, under a name and labels. */
  record Sample(String name, Map<String, String> labels, double value) {}

  static Exposition parse(Stream<String> pages) {
    return new Exposition(
        pages
            .flatMap(String::lines)
            .filter(line -> !line.startsWith("#"))
            .map(Exposition::sample)
            .toList());
  }

  private static Sample sample(String line) {
    var matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("This is no sample: " + line);
    }
    String labels = matcher.group(2) == null ? "" : matcher.group(2);
    return new Sample(
        matcher.group(1),
        LABEL.matcher(labels).results().collect(Collectors.toMap(l -> l.group(1), l -> l.group(2))),
        Double.parseDouble(matcher.group(matcher.groupCount())));
  }

  /** The sum of the samples whose names end so: a metric's own name, without Flink's scope. */
  double sum(String ending) {
    return samples.stream()
        .filter(sample -> sample.name().endsWith("_" + ending))
        .mapToDouble(Sample::value)
        .sum();
  }
}

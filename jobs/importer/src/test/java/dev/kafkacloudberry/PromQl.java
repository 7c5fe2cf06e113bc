package dev.kafkacloudberry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a query of Prometheus names, as far as the shipped ones go: the samples that it selects, and
 * the labels that it groups them by. A name that is neither a keyword nor called is a metric.
 */
record PromQl(List<Selector> selectors, Set<String> grouping) {

  private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "offset", "bool");

  private static final String STRING = "\"(?:[^\"\\\\]|\\\\.)*\"";
  private static final Pattern MATCHER =
      Pattern.compile("(?<label>\\w+)\\s*(?<operator>=~|!~|!=|=)\\s*\"(?<value>[^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on)\\s*\\(([^)]*)\\)");
  private static final Pattern TOKEN =
      Pattern.compile(
          """
          \\[[^]]*]
          |\\boffset\\s+\\w+
          |%1$s
          |(?<![\\w:.])(?<name>[a-zA-Z_:][\\w:]*)\\s*(?:(?<call>\\()|\\{(?<matchers>(?:%1$s|[^}"])*)})?
          """
              .formatted(STRING)
              .replace("\n", ""));

  /** What a label must be. Variables of a dashboard stand for anything. */
  record Condition(String label, String operator, String value) {

    boolean holds(Map<String, String> labels) {
      String actual = labels.getOrDefault(label, "");
      String wanted = value.replaceAll("\\$\\w+", ".*");
      return switch (operator) {
        case "=" -> actual.equals(wanted);
        case "!=" -> !actual.equals(wanted);
        case "=~" -> actual.matches(wanted);
        default -> !actual.matches(wanted);
      };
    }
  }

  /** The samples of a metric for which all conditions hold. */
  record Selector(String metric, List<Condition> conditions) {

    boolean selects(Exposition.Sample sample) {
      return sample.name().equals(metric)
          && conditions.stream().allMatch(condition -> condition.holds(sample.labels()));
    }
  }

  static PromQl parse(String query) {
    Set<String> grouping = new TreeSet<>();
    Matcher groups = GROUPING.matcher(query);
    while (groups.find()) {
      grouping.addAll(List.of(groups.group(1).strip().split("\\s*,\\s*")));
    }
    List<Selector> selectors = new ArrayList<>();
    Matcher token = TOKEN.matcher(groups.replaceAll(""));
    while (token.find()) {
      String name = token.group("name");
      if (name != null && token.group("call") == null && !KEYWORDS.contains(name)) {
        selectors.add(new Selector(name, conditions(token.group("matchers"))));
      }
    }
    return new PromQl(selectors, grouping);
  }

  private static List<Condition> conditions(String matchers) {
    return matchers == null
        ? List.of()
        : MATCHER
            .matcher(matchers)
            .results()
            .map(match -> new Condition(match.group(1), match.group(2), match.group(3)))
            .toList();
  }
}

package dev.kafkacloudberry.format;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words that a date or time may hold, in lower case. */
final class DateTimeNames {

  static final Map<String, Integer> MONTHS = months();
  static final Set<String> WEEKDAYS =
      Set.of(
          ("sun sunday mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday"
                  + " fri friday sat saturday")
              .split(" "));
  static final Set<String> HALVES = Set.of("am", "pm");
  static final Set<String> ERAS = Set.of("ad", "bc");
  static final Set<String> UTC = Set.of("z", "zulu", "utc", "uct", "ut", "gmt");

  private DateTimeNames() {}

  private static Map<String, Integer> months() {
    List<String> names =
        List.of(
            ("january february march april may june july august september october november"
                    + " december")
                .split(" "));
    Map<String, Integer> months = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      months.put(names.get(i), i + 1);
      months.put(names.get(i).substring(0, 3), i + 1);
    }
    months.put("sept", 9);
    return Map.copyOf(months);
  }
}

package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RejectData;
import dev.kafkacloudberry.text.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commonest reasons of rejects and the places of the first, in a memory of bounded size. */
final class RejectSummary {

  private static final int REASONS = 3;
  private static final int PLACES = 5;
  private static final int EXAMPLE_CHARS = 200;

  /** Reasons that are not told apart from their values may be as many as rejects. */
  private static final int MOST_KINDS = 1_000;

  private static final Pattern VALUE = Pattern.compile("'[^']*'");

  private record Reason(String example, long count) {

    Reason plusOne() {
      return new Reason(example, count + 1);
    }
  }

  private final Map<String, Reason> kinds = new HashMap<>();
  private final List<Place> places = new ArrayList<>();

  private RejectSummary() {}

  static RejectSummary of(RejectData rejects) throws IOException {
    RejectSummary summary = new RejectSummary();
    rejects.forEach(summary::add);
    return summary;
  }

  private void add(Reject reject) {
    String kind = reject.kind().orElseGet(() -> VALUE.matcher(reject.error()).replaceAll("''"));
    Reason known = kinds.get(kind);
    if (known != null) {
      kinds.put(kind, known.plusOne());
    } else if (kinds.size() < MOST_KINDS) {
      kinds.put(kind, new Reason(Excerpt.of(reject.error(), EXAMPLE_CHARS), 1));
    }
    if (places.size() < PLACES) {
      reject.place().ifPresent(places::add);
    }
  }

  /** The commonest first, each with the error of its first reject. */
  String reasons() {
    return kinds.values().stream()
        .sorted(Comparator.comparingLong(Reason::count).reversed())
        .limit(REASONS)
        .map(reason -> "%s (%d times)".formatted(reason.example(), reason.count()))
        .collect(Collectors.joining("; "));
  }

  String places() {
    return places.isEmpty()
        ? "their places in Kafka are not known"
        : "the first are at "
            + places.stream().map(Place::toString).collect(Collectors.joining("; "));
  }
}

package dev.kafkacloudberry.kafka;

/**
 * What a predicate matches.
 *
 * @param selection holds every message for which the predicate is true
 * @param isExact and no other
 */
record Match(TopicSelection selection, boolean isExact) {

  static final Match NONE = new Match(TopicSelection.NONE, true);
  static final Match ALL = new Match(TopicSelection.ALL, true);

  /** Of a predicate that is not understood. */
  static final Match UNKNOWN = new Match(TopicSelection.ALL, false);

  Match and(Match other) {
    return new Match(selection.and(other.selection), isExact && other.isExact);
  }

  Match or(Match other) {
    return new Match(selection.or(other.selection), isExact && other.isExact);
  }
}

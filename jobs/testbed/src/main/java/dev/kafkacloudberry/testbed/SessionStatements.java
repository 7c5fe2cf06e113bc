package dev.kafkacloudberry.testbed;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a session has prepared, so that each execution is known by its SQL. */
final class SessionStatements {
  private final Map<String, String> prepared = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();

  /** Takes note of a client's message and returns the SQL that it executes, if it does. */
  Optional<String> executedBy(WireMessage message) {
    switch (message.type()) {
      case 'Q' -> {
        return Optional.of(message.strings(1).get(0));
      }
      case 'P' -> {
        List<String> nameAndSql = message.strings(2);
        prepared.put(nameAndSql.get(0), nameAndSql.get(1));
      }
      case 'B' -> {
        List<String> portalAndName = message.strings(2);
        portals.put(portalAndName.get(0), prepared.getOrDefault(portalAndName.get(1), ""));
      }
      case 'E' -> {
        return Optional.ofNullable(portals.get(message.strings(1).get(0)));
      }
      default -> {}
    }
    return Optional.empty();
  }
}

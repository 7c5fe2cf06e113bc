package dev.kafkacloudberry.database;

import java.util.Optional;

/**
 * A row that does not go into the target, and why.
 *
 * @param place where its message lies, if that is known
 * @param message the raw message, for one that could not be decoded
 * @param content the row as a JSON object, for one that the encoder or the database refused
 * @param error what is wrong with it
 * @param kind the same without the values of the row, where that is known
 * @param sqlState why the database refused it
 */
public record Reject(
    Optional<Place> place,
    Optional<byte[]> message,
    Optional<String> content,
    String error,
    Optional<String> kind,
    Optional<String> sqlState) {

  /** A message that could not be decoded. */
  public static Reject ofMessage(Optional<Place> place, Optional<byte[]> message, String error) {
    return new Reject(place, message, Optional.empty(), error, Optional.empty(), Optional.empty());
  }

  /** A row that the encoder refuses. */
  public static Reject ofRow(Optional<Place> place, String content, String error, String kind) {
    return new Reject(
        place, Optional.empty(), Optional.of(content), error, Optional.of(kind), Optional.empty());
  }

  /** A row that the database refuses. */
  public static Reject ofRow(Optional<Place> place, String content, Refusal refusal) {
    return new Reject(
        place,
        Optional.empty(),
        Optional.of(content),
        refusal.reason(),
        Optional.of(refusal.kind()),
        Optional.of(refusal.sqlState()));
  }
}

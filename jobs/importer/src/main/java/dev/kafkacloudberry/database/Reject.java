package dev.kafkacloudberry.database;

import java.util.Optional;

/**
 * A row that does not go into the target, and why.
 *
 * @param place where its message lies, if that is known
 * @param message the raw message, for one that could not be decoded
 * @param content the row as a JSON object, for one that the encoder or the database refused
 * @param sqlState why the database refused it
 */
public record Reject(
    Optional<Place> place,
    Optional<byte[]> message,
    Optional<String> content,
    String error,
    Optional<String> sqlState) {}

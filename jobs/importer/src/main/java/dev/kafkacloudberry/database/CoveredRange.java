package dev.kafkacloudberry.database;

import java.time.Instant;
import java.util.Optional;

/**
 * Offsets of a partition that commits of a sink cover, whether or not each holds a row.
 *
 * @param topicId Kafka's id of the topic, where it was known
 * @param from the first offset
 * @param to the offset behind the last
 * @param lastCommit when the last of the commits was made
 */
public record CoveredRange(
    String topic,
    Optional<String> topicId,
    int partition,
    long from,
    long to,
    Instant lastCommit) {}

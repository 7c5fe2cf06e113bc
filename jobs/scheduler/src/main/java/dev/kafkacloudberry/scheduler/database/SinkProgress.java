package dev.kafkacloudberry.scheduler.database;

import java.time.Instant;

/**
 * How far a sink is with a partition.
 *
 * @param topic null where the sink is not told where its rows lie; then there is no partition
 *     either
 * @param nextOffset behind the last that is committed
 * @param rowsPerSecond over the last minute
 */
public record SinkProgress(
    String sink,
    String topic,
    Integer partition,
    Long nextOffset,
    long rows,
    long rejects,
    double rowsPerSecond,
    Instant lastCommit) {}

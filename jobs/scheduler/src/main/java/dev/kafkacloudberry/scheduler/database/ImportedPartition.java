package dev.kafkacloudberry.scheduler.database;

import java.time.Instant;

/**
 * What was committed of a partition.
 *
 * @param topic null where the sink is not told where its rows lie; then there is no partition
 *     either
 * @param from the first offset
 * @param to the offset behind the last
 * @param lastCommit when the last of it was committed
 */
public record ImportedPartition(
    String sink,
    String topic,
    Integer partition,
    Long from,
    Long to,
    long rows,
    long rejected,
    Instant lastCommit) {}

package dev.kafkacloudberry.scheduler.flink;

/**
 * A savepoint or a checkpoint on Flink's storage.
 *
 * @param isSavepoint whether it is a savepoint that the job has taken itself
 */
public record StoredState(String path, boolean isSavepoint) {}

package dev.kafkacloudberry.scheduler.flink;

/** A savepoint or a checkpoint on Flink's storage. */
public record StoredState(String path, boolean isSavepoint) {}

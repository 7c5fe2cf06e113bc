package dev.kafkacloudberry.benchmarks;

/** What one load took. */
record Measurement(Timing timing, CpuTime cpu) {}

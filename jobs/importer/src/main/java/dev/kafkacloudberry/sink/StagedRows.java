package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.staging.StagedFile;

/** A closed file of rows and what they were encoded for: what a writer hands on at a checkpoint. */
record StagedRows(StagedTarget target, StagedFile file) {}

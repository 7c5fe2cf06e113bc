/** The target database: the scheduler's journal, and what the ledger knows of the imports. */
package dev.kafkacloudberry.scheduler.database;

/** The job that users run: SQL scripts and plain imports, handed to Flink. */
package dev.kafkacloudberry.job;

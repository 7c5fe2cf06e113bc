/**
 * Starts, stops and watches imports: what cron calls.
 *
 * <p>A command is a class: {@link dev.kafkacloudberry.scheduler.ImportOnceCommand} and its
 * siblings. All of them act through {@link dev.kafkacloudberry.scheduler.ScheduledImport}, which
 * notes in the journal what it is about to do before it does it, so that the next one can find out
 * what has become of it.
 */
package dev.kafkacloudberry.scheduler;

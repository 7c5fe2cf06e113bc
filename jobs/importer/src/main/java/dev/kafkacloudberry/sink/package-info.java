/**
 * The exactly-once sink. A row goes {@link dev.kafkacloudberry.sink.CloudberryWriter} -> staged
 * file -> {@link dev.kafkacloudberry.sink.CommitAggregator} -> {@link
 * dev.kafkacloudberry.sink.CloudberryCommittable} -> [checkpoint] -> {@link
 * dev.kafkacloudberry.sink.CloudberryCommitter} -> one transaction.
 */
package dev.kafkacloudberry.sink;

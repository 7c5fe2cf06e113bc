/**
 * A real PostgreSQL, a real Kafka broker and a Flink cluster in one process, and faults to inject.
 */
package dev.kafkacloudberry.testbed;

/** The {@code kafka-partitioned} table. */
package dev.kafkacloudberry.kafka;

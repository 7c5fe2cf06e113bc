/** The {@code 'connector' = 'cloudberry'} table: its options and how it becomes a sink. */
package dev.kafkacloudberry.cloudberry;

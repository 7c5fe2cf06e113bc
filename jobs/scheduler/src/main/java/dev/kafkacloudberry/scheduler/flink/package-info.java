/** Flink's REST interface, as far as scheduling imports needs it. */
package dev.kafkacloudberry.scheduler.flink;

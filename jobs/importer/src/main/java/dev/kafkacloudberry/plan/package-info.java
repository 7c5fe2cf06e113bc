/** What sources and sinks have in common when a query becomes a job. */
package dev.kafkacloudberry.plan;

/**
 * Finds the Kafka topics that a query's rows come from, and asks Kafka for what a row does not
 * carry: which topic of that name it is.
 */
package dev.kafkacloudberry.lineage;

/** The target database over JDBC: its tables, the ledger, the load transaction. Knows no Flink. */
package dev.kafkacloudberry.database;

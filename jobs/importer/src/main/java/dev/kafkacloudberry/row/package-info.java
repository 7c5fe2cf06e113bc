/** What those who make rows of messages agree on. */
package dev.kafkacloudberry.row;

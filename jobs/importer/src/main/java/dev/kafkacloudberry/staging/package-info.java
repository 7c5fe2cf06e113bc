/** Files of encoded rows between a writer and the commit. */
package dev.kafkacloudberry.staging;

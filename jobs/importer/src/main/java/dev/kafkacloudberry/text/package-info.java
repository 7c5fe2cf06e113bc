/** How values are shown in messages. */
package dev.kafkacloudberry.text;

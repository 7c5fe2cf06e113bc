/**
 * The formats {@code postgres-csv} and {@code postgres-json}: messages whose values are read as
 * PostgreSQL reads text, straight from bytes to rows.
 *
 * <p>A {@code CsvDecoder} or {@code JsonDecoder} finds the values in a message and hands each to a
 * {@code ValueReader} as a range of bytes; {@code ValueReaders} is the one table of which type is
 * read how, and the classes {@code *Text} do it. A row costs the row and its values: strings share
 * the bytes of the message.
 */
package dev.kafkacloudberry.format;

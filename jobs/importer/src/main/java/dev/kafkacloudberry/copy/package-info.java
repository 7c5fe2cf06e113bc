/**
 * Flink rows to the bytes of {@code COPY ... FROM STDIN}: pure code, without JDBC and without
 * Flink's runtime.
 *
 * <p>{@link dev.kafkacloudberry.copy.RowEncoder} is the way in. It asks {@code
 * ColumnCompatibility}, the one table of what goes into what, for each column's {@code
 * ColumnEncoder}; those are in {@code Binary*} for the binary format and in {@code Text*} for the
 * text format, and append to a {@link dev.kafkacloudberry.copy.CopyBuffer}. Encoding allocates
 * nothing per row for the common types.
 */
package dev.kafkacloudberry.copy;

package dev.kafkacloudberry.database;

/**
 * A column of the target table.
 *
 * @param baseType the name of its type in {@code pg_type}, domains resolved to what they stand on
 *     ({@code int4}, {@code varchar}, {@code _int4} for an array)
 * @param displayType its type as SQL writes it, {@code numeric(10,2)}; a domain's base
 * @param mandatory it is NOT NULL and nothing fills it when it is left out
 * @param generated the database computes it; it cannot be loaded
 */
public record TableColumn(
    String name, String baseType, String displayType, boolean mandatory, boolean generated) {}

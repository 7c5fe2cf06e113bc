package dev.kafkacloudberry.copy;

import java.util.Objects;

/**
 * A column of the target table, as the database describes it.
 *
 * @param name the column's name, unquoted
 * @param baseType {@code pg_type.typname}, a domain resolved to its base: {@code int4}, {@code
 *     varchar}, {@code _int4} for {@code int4[]}, {@code mood} for an enum
 * @param displayType the type as {@code format_type()} writes it, of the domain's base too, such as
 *     {@code numeric(10,2)}: for messages, and for the length, precision and scale that values must
 *     fit
 */
public record TargetColumn(String name, String baseType, String displayType) {
  private static final String ARRAY_PREFIX = "_";

  public TargetColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(baseType, "baseType");
    Objects.requireNonNull(displayType, "displayType");
  }

  boolean isArray() {
    return baseType.startsWith(ARRAY_PREFIX);
  }

  /** The elements of an array column, as a column of their own. */
  TargetColumn element() {
    return new TargetColumn(name, baseType.substring(ARRAY_PREFIX.length()), displayType);
  }
}

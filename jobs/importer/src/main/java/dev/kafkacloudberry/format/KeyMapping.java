package dev.kafkacloudberry.format;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;

/**
 * Which columns have another JSON key than their name.
 *
 * @param keys of columns, by the columns' names
 */
record KeyMapping(Map<String, String> keys) {

  /**
   * @throws ValidationException if the option is no mapping
   */
  static KeyMapping of(ReadableConfig options) {
    try {
      return new KeyMapping(options.getOptional(FormatOptions.KEYS).orElse(Map.of()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ValidationException(
          ("'%s' is not columns and their keys, like 'some_int:SomeInt,some_text:text-field',"
                  + " each column once.")
              .formatted(FormatOptions.KEYS.key()),
          e);
    }
  }

  /**
   * The key of each column.
   *
   * @throws ValidationException for a column that there is not, and for two columns of one key
   */
  List<String> of(List<String> columns) {
    for (String column : keys.keySet()) {
      if (!columns.contains(column)) {
        throw new ValidationException(
            "'%s' names the column '%s', which there is not; there are %s."
                .formatted(FormatOptions.KEYS.key(), column, columns));
      }
    }
    List<String> mapped =
        columns.stream().map(column -> keys.getOrDefault(column, column)).toList();
    Set<String> seen = new HashSet<>();
    for (String key : mapped) {
      if (!seen.add(key)) {
        throw new ValidationException(
            "'%s' gives two columns the JSON key '%s'; each needs its own."
                .formatted(FormatOptions.KEYS.key(), key));
      }
    }
    return mapped;
  }
}

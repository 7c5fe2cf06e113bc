package dev.kafkacloudberry.format;

import java.util.Set;
import java.util.function.Function;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * The format {@code postgres-json}: JSON objects whose values are read as PostgreSQL reads text.
 */
public final class PostgresJsonFormatFactory extends RowFormatFactory {

  private static final String IDENTIFIER = "postgres-json";

  public PostgresJsonFormatFactory() {
    super(
        IDENTIFIER,
        Set.of(FormatOptions.JSON_STRICT, FormatOptions.KEYS, FormatOptions.DATE_ORDER));
  }

  /** Begins with the keys, of which Flink would only say that they are no map. */
  @Override
  void validate(ReadableConfig given) {
    KeyMapping.of(given);
    super.validate(given);
  }

  @Override
  RowDecodingFormat.Decoder decoder(ReadableConfig given, ReadingRules rules) {
    KeyMapping keys = KeyMapping.of(given);
    boolean strict = given.get(FormatOptions.JSON_STRICT);
    return (columns, targets, arity, producedType) ->
        new JsonDecoder(
            strict,
            columns.getFieldNames().toArray(String[]::new),
            new JsonKeys(keys.of(columns.getFieldNames())),
            Columns.map(IDENTIFIER, columns, type -> JsonReaders.of(type, rules))
                .toArray(JsonReader[]::new),
            targets,
            arity,
            producedType);
  }

  @Override
  Function<RowType, SerializationSchema<RowData>> encoder(ReadableConfig given) {
    KeyMapping keys = KeyMapping.of(given);
    return columns -> {
      JsonWriter[] writers =
          Columns.map(IDENTIFIER, columns, JsonWriters::of).toArray(JsonWriter[]::new);
      return new JsonEncoder(
          JsonWriters.row(Columns.getters(columns), keys.of(columns.getFieldNames()), writers));
    };
  }
}

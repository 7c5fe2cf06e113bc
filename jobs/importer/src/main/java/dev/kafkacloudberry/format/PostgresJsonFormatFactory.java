package dev.kafkacloudberry.format;

import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;

/**
 * The format {@code postgres-json}: JSON objects whose values are read as PostgreSQL reads text.
 */
public final class PostgresJsonFormatFactory
    implements DeserializationFormatFactory, SerializationFormatFactory {

  private static final String IDENTIFIER = "postgres-json";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(FormatOptions.JSON_STRICT, FormatOptions.KEYS, FormatOptions.DATE_ORDER);
  }

  @Override
  public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    KeyMapping keys = KeyMapping.of(options);
    FactoryUtil.validateFactoryOptions(this, options);
    ReadingRules rules = FormatOptions.rules(options, context.getConfiguration());
    boolean strict = options.get(FormatOptions.JSON_STRICT);
    return new RowDecodingFormat(
        (columns, targets, producedType) ->
            new JsonDecoder(
                strict,
                columns.getFieldNames().toArray(String[]::new),
                new JsonKeys(keys.of(columns.getFieldNames())),
                Columns.map(IDENTIFIER, columns, type -> JsonReaders.of(type, rules))
                    .toArray(JsonReader[]::new),
                targets,
                producedType));
  }

  @Override
  public EncodingFormat<SerializationSchema<RowData>> createEncodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    KeyMapping keys = KeyMapping.of(options);
    FactoryUtil.validateFactoryOptions(this, options);
    return new RowEncodingFormat(
        columns -> {
          JsonWriter[] writers =
              Columns.map(IDENTIFIER, columns, JsonWriters::of).toArray(JsonWriter[]::new);
          return new JsonEncoder(
              JsonWriters.row(Columns.getters(columns), keys.of(columns.getFieldNames()), writers));
        });
  }
}

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

/** The format {@code postgres-csv}: CSV as PostgreSQL's COPY reads and writes it. */
public final class PostgresCsvFormatFactory
    implements DeserializationFormatFactory, SerializationFormatFactory {

  private static final String IDENTIFIER = "postgres-csv";

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
    return Set.of(
        FormatOptions.CSV_STRICT,
        FormatOptions.DELIMITER,
        FormatOptions.QUOTE,
        FormatOptions.ESCAPE,
        FormatOptions.NULL_LITERAL,
        FormatOptions.DATE_ORDER);
  }

  @Override
  public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    FactoryUtil.validateFactoryOptions(this, options);
    CsvDialect dialect = CsvDialect.of(options);
    ReadingRules rules = FormatOptions.rules(options, context.getConfiguration());
    return new RowDecodingFormat(
        (columns, targets, producedType) ->
            new CsvDecoder(
                dialect,
                columns.getFieldNames().toArray(String[]::new),
                Columns.map(IDENTIFIER, columns, type -> ValueReaders.of(type, rules))
                    .toArray(ValueReader[]::new),
                targets,
                producedType));
  }

  @Override
  public EncodingFormat<SerializationSchema<RowData>> createEncodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    FactoryUtil.validateFactoryOptions(this, options);
    CsvDialect dialect = CsvDialect.of(options);
    return new RowEncodingFormat(
        columns ->
            new CsvEncoder(
                dialect,
                Columns.getters(columns),
                Columns.map(IDENTIFIER, columns, ValueWriters::of).toArray(ValueWriter[]::new)));
  }
}

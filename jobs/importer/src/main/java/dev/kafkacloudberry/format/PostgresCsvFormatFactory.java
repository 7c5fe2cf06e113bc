package dev.kafkacloudberry.format;

import java.util.Set;
import java.util.function.Function;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/** The format {@code postgres-csv}: CSV as PostgreSQL's COPY reads and writes it. */
public final class PostgresCsvFormatFactory extends RowFormatFactory {

  private static final String IDENTIFIER = "postgres-csv";

  public PostgresCsvFormatFactory() {
    super(
        IDENTIFIER,
        Set.of(
            FormatOptions.CSV_STRICT,
            FormatOptions.DELIMITER,
            FormatOptions.QUOTE,
            FormatOptions.ESCAPE,
            FormatOptions.NULL_LITERAL,
            FormatOptions.DATE_ORDER));
  }

  @Override
  RowDecodingFormat.Decoder decoder(ReadableConfig given, ReadingRules rules) {
    CsvDialect dialect = CsvDialect.of(given);
    return (columns, targets, arity, producedType) ->
        new CsvDecoder(
            dialect,
            columns.getFieldNames().toArray(String[]::new),
            Columns.map(IDENTIFIER, columns, type -> ValueReaders.of(type, rules))
                .toArray(ValueReader[]::new),
            Columns.required(columns),
            targets,
            arity,
            producedType);
  }

  @Override
  Function<RowType, SerializationSchema<RowData>> encoder(ReadableConfig given) {
    CsvDialect dialect = CsvDialect.of(given);
    return columns ->
        new CsvEncoder(
            dialect,
            Columns.getters(columns),
            Columns.map(IDENTIFIER, columns, ValueWriters::of).toArray(ValueWriter[]::new));
  }
}

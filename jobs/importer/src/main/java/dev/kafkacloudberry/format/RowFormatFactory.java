package dev.kafkacloudberry.format;

import java.util.Set;
import java.util.function.Function;
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
import org.apache.flink.table.types.logical.RowType;

/** A format that reads and writes messages of one row, none of whose options is required. */
abstract class RowFormatFactory
    implements DeserializationFormatFactory, SerializationFormatFactory {

  private final String identifier;
  private final Set<ConfigOption<?>> options;

  RowFormatFactory(String identifier, Set<ConfigOption<?>> options) {
    this.identifier = identifier;
    this.options = options;
  }

  @Override
  public final String factoryIdentifier() {
    return identifier;
  }

  @Override
  public final Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public final Set<ConfigOption<?>> optionalOptions() {
    return options;
  }

  @Override
  public final DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig given) {
    validate(given);
    return new RowDecodingFormat(
        decoder(given, FormatOptions.rules(given, context.getConfiguration())));
  }

  @Override
  public final EncodingFormat<SerializationSchema<RowData>> createEncodingFormat(
      DynamicTableFactory.Context context, ReadableConfig given) {
    validate(given);
    return new RowEncodingFormat(encoder(given));
  }

  /**
   * @throws org.apache.flink.table.api.ValidationException for an option that cannot be read
   */
  void validate(ReadableConfig given) {
    FactoryUtil.validateFactoryOptions(this, given);
  }

  abstract RowDecodingFormat.Decoder decoder(ReadableConfig given, ReadingRules rules);

  abstract Function<RowType, SerializationSchema<RowData>> encoder(ReadableConfig given);
}

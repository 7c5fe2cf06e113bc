package dev.kafkacloudberry.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** Formats as tables have them, made without a table. */
final class Decoders {

  private Decoders() {}

  /**
   * @param format its identifier in a table's options
   */
  static DeserializationSchema<RowData> of(String format, Shape shape) throws Exception {
    DynamicTableSource.Context runtime = ScanRuntimeProviderContext.INSTANCE;
    DataType type =
        DataTypes.ROW(
            shape.columns().stream()
                .map(column -> DataTypes.FIELD(column.name(), type(column)))
                .toList());
    DecodingFormat<DeserializationSchema<RowData>> decoding =
        FactoryUtil.discoverFactory(
                Decoders.class.getClassLoader(), DeserializationFormatFactory.class, format)
            .createDecodingFormat(context(shape), new Configuration());
    DeserializationSchema<RowData> schema =
        decoding instanceof ProjectableDecodingFormat<DeserializationSchema<RowData>> projectable
            ? projectable.createRuntimeDecoder(
                runtime,
                type,
                IntStream.range(0, shape.columns().size())
                    .mapToObj(i -> new int[] {i})
                    .toArray(int[][]::new))
            : decoding.createRuntimeDecoder(runtime, type);
    schema.open(new NoMetrics());
    return schema;
  }

  private static DataType type(dev.kafkacloudberry.benchmarks.Column column) {
    return DataTypes.of(column.type().inFlinksTable());
  }

  private static DynamicTableFactory.Context context(Shape shape) {
    List<Column> columns =
        shape.columns().stream()
            .map(column -> (Column) Column.physical(column.name(), type(column)))
            .toList();
    return new FactoryUtil.DefaultDynamicTableContext(
        ObjectIdentifier.of("catalog", "database", "messages"),
        new ResolvedCatalogTable(
            CatalogTable.newBuilder().schema(Schema.newBuilder().build()).options(Map.of()).build(),
            ResolvedSchema.of(columns)),
        Map.of(),
        new Configuration(),
        Decoders.class.getClassLoader(),
        true);
  }

  private static final class NoMetrics implements DeserializationSchema.InitializationContext {

    @Override
    public MetricGroup getMetricGroup() {
      return new UnregisteredMetricsGroup();
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(Decoders.class.getClassLoader());
    }
  }
}

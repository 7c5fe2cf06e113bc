package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.runtime.connector.sink.SinkRuntimeProviderContext;
import org.apache.flink.table.runtime.connector.source.ScanRuntimeProviderContext;
import org.apache.flink.table.types.DataType;

/** A format as a table makes use of it: found by its name, with the options of a WITH clause. */
record FormatUnderTest(
    String name, Map<String, String> options, List<Column> columns, Configuration session) {

  static FormatUnderTest csv() {
    return new FormatUnderTest("postgres-csv", Map.of(), List.of(), new Configuration());
  }

  static FormatUnderTest json() {
    return new FormatUnderTest("postgres-json", Map.of(), List.of(), new Configuration());
  }

  FormatUnderTest with(String option, String value) {
    Map<String, String> more = new HashMap<>(options);
    more.put(option, value);
    return new FormatUnderTest(name, more, columns, session);
  }

  FormatUnderTest column(String column, DataType type) {
    List<Column> more = new ArrayList<>(columns);
    more.add(Column.physical(column, type));
    return new FormatUnderTest(name, options, more, session);
  }

  FormatUnderTest zone(String zone) {
    Configuration zoned = new Configuration(session);
    zoned.setString("table.local-time-zone", zone);
    return new FormatUnderTest(name, options, columns, zoned);
  }

  /** The fields of the row that a message is, in Flink's own classes. */
  List<Object> read(String message) throws IOException {
    return read(message.getBytes(UTF_8));
  }

  List<Object> read(byte[] message) throws IOException {
    return fields(decoder().deserialize(message));
  }

  /** As {@link #read}, of some columns in this order. */
  List<Object> read(String message, int... used) throws IOException {
    return fields(decoder(used).deserialize(message.getBytes(UTF_8)));
  }

  String write(Object... fields) {
    return new String(encoder().serialize(GenericRowData.of(fields)), UTF_8);
  }

  DeserializationSchema<RowData> decoder() {
    return decoder(IntStream.range(0, columns.size()).toArray());
  }

  @SuppressWarnings("unchecked")
  DeserializationSchema<RowData> decoder(int... used) {
    DeserializationFormatFactory factory =
        FactoryUtil.discoverFactory(
            getClass().getClassLoader(), DeserializationFormatFactory.class, name);
    ProjectableDecodingFormat<DeserializationSchema<RowData>> format =
        (ProjectableDecodingFormat<DeserializationSchema<RowData>>)
            factory.createDecodingFormat(context(), Configuration.fromMap(options));
    DeserializationSchema<RowData> schema =
        format.createRuntimeDecoder(
            ScanRuntimeProviderContext.INSTANCE, type(), Projection.of(used).toNestedIndexes());
    try {
      schema.open(null);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return schema;
  }

  SerializationSchema<RowData> encoder() {
    SerializationFormatFactory factory =
        FactoryUtil.discoverFactory(
            getClass().getClassLoader(), SerializationFormatFactory.class, name);
    return factory
        .createEncodingFormat(context(), Configuration.fromMap(options))
        .createRuntimeEncoder(new SinkRuntimeProviderContext(false), type());
  }

  private DataType type() {
    return DataTypes.ROW(
            columns.stream().map(c -> DataTypes.FIELD(c.getName(), c.getDataType())).toList())
        .bridgedTo(RowData.class);
  }

  private DynamicTableFactory.Context context() {
    ResolvedSchema schema = ResolvedSchema.of(columns);
    CatalogTable table =
        CatalogTable.newBuilder()
            .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
            .build();
    return new FactoryUtil.DefaultDynamicTableContext(
        ObjectIdentifier.of("c", "d", "t"),
        new ResolvedCatalogTable(table, schema),
        Map.of(),
        session,
        getClass().getClassLoader(),
        false);
  }

  private static List<Object> fields(RowData row) {
    GenericRowData fields = (GenericRowData) row;
    return IntStream.range(0, fields.getArity())
        .mapToObj(fields::getField)
        .collect(Collectors.toList());
  }
}

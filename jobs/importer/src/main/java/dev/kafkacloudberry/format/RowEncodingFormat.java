package dev.kafkacloudberry.format;

import java.util.function.Function;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Encodes rows that are added.
 *
 * @param encoder of rows of a type
 */
record RowEncodingFormat(Function<RowType, SerializationSchema<RowData>> encoder)
    implements EncodingFormat<SerializationSchema<RowData>> {

  @Override
  public SerializationSchema<RowData> createRuntimeEncoder(
      DynamicTableSink.Context context, DataType physicalDataType) {
    return encoder.apply((RowType) physicalDataType.getLogicalType());
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }
}

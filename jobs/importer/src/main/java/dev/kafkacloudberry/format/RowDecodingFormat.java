package dev.kafkacloudberry.format;

import java.util.Arrays;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** Decodes the columns that a query uses, of messages that hold all of them. */
record RowDecodingFormat(Decoder decoder)
    implements ProjectableDecodingFormat<DeserializationSchema<RowData>> {

  /** Makes the schema. */
  interface Decoder {

    /**
     * @param columns of a message
     * @param targets where each of them stands in the row, negative if it is not used
     * @param arity of the row
     */
    DeserializationSchema<RowData> of(
        RowType columns, int[] targets, int arity, TypeInformation<RowData> producedType);
  }

  @Override
  public DeserializationSchema<RowData> createRuntimeDecoder(
      DynamicTableSource.Context context, DataType physicalDataType, int[][] projections) {
    RowType columns = (RowType) physicalDataType.getLogicalType();
    int[] targets = new int[columns.getFieldCount()];
    Arrays.fill(targets, -1);
    for (int target = 0; target < projections.length; target++) {
      targets[projections[target][0]] = target;
    }
    DataType produced = Projection.of(projections).project(physicalDataType);
    return decoder.of(
        columns, targets, projections.length, context.createTypeInformation(produced));
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }
}

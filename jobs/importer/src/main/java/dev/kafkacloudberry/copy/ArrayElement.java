package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RawValueData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.types.RowKind;
import org.apache.flink.types.variant.Variant;

/**
 * One element of an array, seen as a row of one field, so that the encoders of columns serve
 * elements too. It is moved along the array instead of being made for each element.
 */
final class ArrayElement implements RowData {
  /** The index that the element has in this row. */
  static final int INDEX = 0;

  private ArrayData array;
  private int position;

  ArrayElement at(ArrayData array, int position) {
    this.array = array;
    this.position = position;
    return this;
  }

  @Override
  public int getArity() {
    return 1;
  }

  @Override
  public RowKind getRowKind() {
    return RowKind.INSERT;
  }

  @Override
  public void setRowKind(RowKind kind) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isNullAt(int index) {
    return array.isNullAt(position);
  }

  @Override
  public boolean getBoolean(int index) {
    return array.getBoolean(position);
  }

  @Override
  public byte getByte(int index) {
    return array.getByte(position);
  }

  @Override
  public short getShort(int index) {
    return array.getShort(position);
  }

  @Override
  public int getInt(int index) {
    return array.getInt(position);
  }

  @Override
  public long getLong(int index) {
    return array.getLong(position);
  }

  @Override
  public float getFloat(int index) {
    return array.getFloat(position);
  }

  @Override
  public double getDouble(int index) {
    return array.getDouble(position);
  }

  @Override
  public StringData getString(int index) {
    return array.getString(position);
  }

  @Override
  public DecimalData getDecimal(int index, int precision, int scale) {
    return array.getDecimal(position, precision, scale);
  }

  @Override
  public TimestampData getTimestamp(int index, int precision) {
    return array.getTimestamp(position, precision);
  }

  @Override
  public <T> RawValueData<T> getRawValue(int index) {
    return array.getRawValue(position);
  }

  @Override
  public byte[] getBinary(int index) {
    return array.getBinary(position);
  }

  @Override
  public ArrayData getArray(int index) {
    return array.getArray(position);
  }

  @Override
  public MapData getMap(int index) {
    return array.getMap(position);
  }

  @Override
  public RowData getRow(int index, int numFields) {
    return array.getRow(position, numFields);
  }

  @Override
  public Variant getVariant(int index) {
    return array.getVariant(position);
  }
}

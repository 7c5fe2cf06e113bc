package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;

/** A row that cannot be loaded as a JSON object, for people to read: what was to go where. */
public final class RowContent {

  private static final String TEXT_NULL = "\\N";

  private RowContent() {}

  /**
   * Of a row as it is encoded.
   *
   * @param names of the columns, in the order of the fields
   * @param types of the columns, as the database writes them
   */
  public static String of(CopyFormat format, byte[] row, List<String> names, List<String> types) {
    return switch (format) {
      case BINARY -> ofBinary(ByteBuffer.wrap(row), names, types);
      case TEXT -> ofText(row, names);
    };
  }

  private static String ofBinary(ByteBuffer row, List<String> names, List<String> types) {
    JsonText json = new JsonText();
    row.getShort(); // the number of fields
    for (int i = 0; i < names.size(); i++) {
      int length = row.getInt();
      if (length < 0) {
        json.put(names.get(i), "null");
      } else {
        json.put(names.get(i), BinaryFieldText.of(types.get(i), row.slice(row.position(), length)));
        row.position(row.position() + length);
      }
    }
    return json.toString();
  }

  private static String ofText(byte[] row, List<String> names) {
    JsonText json = new JsonText();
    String[] fields = new String(row, 0, row.length - 1, UTF_8).split("\t", -1);
    for (int i = 0; i < names.size(); i++) {
      json.put(
          names.get(i),
          fields[i].equals(TEXT_NULL) ? "null" : JsonText.string(unescaped(fields[i])));
    }
    return json.toString();
  }

  private static String unescaped(String field) {
    StringBuilder text = new StringBuilder(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\') {
        c = field.charAt(++i);
        c = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      text.append(c);
    }
    return text.toString();
  }

  /** Of a row that cannot be encoded. */
  static String of(RowData row, List<ColumnPair> columns) {
    JsonText json = new JsonText();
    for (ColumnPair column : columns) {
      SourceColumn source = column.source();
      Object value = RowData.createFieldGetter(source.type(), source.index()).getFieldOrNull(row);
      json.put(column.target().name(), value(source.type(), value));
    }
    return json.toString();
  }

  private static String value(LogicalType type, Object value) {
    if (value == null) {
      return "null";
    }
    return switch (type.getTypeRoot()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL -> value.toString();
      case DATE -> JsonText.string(LocalDate.ofEpochDay((int) value).toString());
      case TIME_WITHOUT_TIME_ZONE ->
          JsonText.string(LocalTime.MIDNIGHT.plus((int) value, ChronoUnit.MILLIS).toString());
      case BINARY, VARBINARY -> JsonText.string("\\x" + HexFormat.of().formatHex((byte[]) value));
      case ARRAY -> array(((ArrayType) type).getElementType(), (ArrayData) value);
      default ->
          JsonText.string(
              value + (type.is(LogicalTypeRoot.TIMESTAMP_WITH_LOCAL_TIME_ZONE) ? "Z" : ""));
    };
  }

  private static String array(LogicalType elementType, ArrayData array) {
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(elementType);
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      elements.add(value(elementType, getter.getElementOrNull(array, i)));
    }
    return elements.toString();
  }
}

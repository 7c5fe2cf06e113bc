package dev.kafkacloudberry.format;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;

/** Which type is written how into JSON. */
final class JsonWriters {

  private JsonWriters() {}

  /** None for a type that no JSON value stands for. */
  static Optional<JsonWriter> of(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL ->
          ValueWriters.of(type).map(JsonWriters::literal);
      case FLOAT, DOUBLE ->
          Optional.of(
              nullable(
                  (value, out) -> {
                    boolean finite = Double.isFinite(((Number) value).doubleValue());
                    out.append(finite ? value.toString() : "\"" + value + "\"");
                  }));
      case ARRAY -> array((ArrayType) type);
      case MAP -> map((MapType) type);
      case ROW -> row((RowType) type);
      default -> ValueWriters.of(type).map(JsonWriters::string);
    };
  }

  /** An object whose keys are given, since they may be others than the fields' names. */
  static JsonWriter row(RowData.FieldGetter[] fields, List<String> keys, JsonWriter[] writers) {
    String[] names = keys.stream().map(JsonWriters::quoted).toArray(String[]::new);
    return nullable(
        (value, out) -> {
          out.append('{');
          for (int i = 0; i < fields.length; i++) {
            out.append(i == 0 ? "" : ",").append(names[i]).append(':');
            writers[i].write(fields[i].getFieldOrNull((RowData) value), out);
          }
          out.append('}');
        });
  }

  private static Optional<JsonWriter> row(RowType type) {
    List<Optional<JsonWriter>> writers = type.getChildren().stream().map(JsonWriters::of).toList();
    return writers.stream().anyMatch(Optional::isEmpty)
        ? Optional.empty()
        : Optional.of(
            row(
                Columns.getters(type),
                type.getFieldNames(),
                writers.stream().map(Optional::get).toArray(JsonWriter[]::new)));
  }

  private static Optional<JsonWriter> array(ArrayType type) {
    ArrayData.ElementGetter elements = ArrayData.createElementGetter(type.getElementType());
    return of(type.getElementType())
        .map(
            writer ->
                nullable(
                    (value, out) -> {
                      ArrayData array = (ArrayData) value;
                      out.append('[');
                      for (int i = 0; i < array.size(); i++) {
                        out.append(i == 0 ? "" : ",");
                        writer.write(elements.getElementOrNull(array, i), out);
                      }
                      out.append(']');
                    }));
  }

  private static Optional<JsonWriter> map(MapType type) {
    ArrayData.ElementGetter keys = ArrayData.createElementGetter(type.getKeyType());
    ArrayData.ElementGetter values = ArrayData.createElementGetter(type.getValueType());
    return ValueWriters.of(type.getKeyType())
        .flatMap(
            keyWriter ->
                of(type.getValueType())
                    .map(
                        writer ->
                            nullable(
                                (value, out) -> {
                                  MapData map = (MapData) value;
                                  out.append('{');
                                  for (int i = 0; i < map.size(); i++) {
                                    out.append(i == 0 ? "" : ",");
                                    Object key = keys.getElementOrNull(map.keyArray(), i);
                                    out.append(quoted(keyWriter.text(key))).append(':');
                                    writer.write(values.getElementOrNull(map.valueArray(), i), out);
                                  }
                                  out.append('}');
                                })));
  }

  private static JsonWriter literal(ValueWriter writer) {
    return nullable((value, out) -> out.append(writer.text(value)));
  }

  private static JsonWriter string(ValueWriter writer) {
    return nullable((value, out) -> out.append(quoted(writer.text(value))));
  }

  private static JsonWriter nullable(JsonWriter writer) {
    return (value, out) -> {
      if (value == null) {
        out.append("null");
      } else {
        writer.write(value, out);
      }
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}

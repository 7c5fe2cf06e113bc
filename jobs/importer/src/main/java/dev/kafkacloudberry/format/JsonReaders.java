package dev.kafkacloudberry.format;

import dev.kafkacloudberry.format.JsonScanner.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Which type is read how from JSON. A type with a text of its own reads that text, whether it is a
 * string, a number or a word, and of an object or array its JSON as it was sent.
 */
final class JsonReaders {

  private JsonReaders() {}

  /** Of a value that is NOT NULL: the planner reads a NULL there as some number. */
  private record Required(JsonReader reader) implements JsonReader {

    @Override
    public Object read(Kind kind, byte[] text, int start, int end) {
      return reader.read(kind, text, start, end);
    }

    @Override
    public Object readNullable(Kind kind, byte[] text, int start, int end) {
      Object value = reader.readNullable(kind, text, start, end);
      if (value == null) {
        throw new InvalidTextException("a NULL where the type is NOT NULL");
      }
      return value;
    }
  }

  /** None for a type that no JSON value stands for. */
  static Optional<JsonReader> of(LogicalType type, ReadingRules rules) {
    Optional<JsonReader> reader = ofValue(type, rules);
    return type.isNullable() ? reader : reader.map(Required::new);
  }

  private static Optional<JsonReader> ofValue(LogicalType type, ReadingRules rules) {
    return switch (type.getTypeRoot()) {
      case ARRAY -> of(((ArrayType) type).getElementType(), rules).map(JsonReaders::array);
      case MAP -> {
        MapType map = (MapType) type;
        Optional<JsonReader> values = of(map.getValueType(), rules);
        yield ValueReaders.of(map.getKeyType(), rules)
            .flatMap(keys -> values.map(value -> map(keys, value)));
      }
      case ROW -> row((RowType) type, rules);
      default -> ValueReaders.of(type, rules).map(JsonReaders::text);
    };
  }

  private static JsonReader text(ValueReader reader) {
    return (kind, text, start, end) -> read(reader, kind, text, start, end);
  }

  private static Object read(ValueReader reader, Kind kind, byte[] text, int start, int end) {
    if (kind == Kind.ESCAPED_STRING) {
      byte[] unescaped = JsonStrings.unescape(text, start, end);
      return reader.read(unescaped, 0, unescaped.length);
    }
    return reader.read(text, start, end);
  }

  private static JsonReader array(JsonReader elements) {
    return (kind, text, start, end) -> {
      JsonScanner scanner = enter(Kind.ARRAY, "array", kind, text, start, end);
      List<Object> values = new ArrayList<>();
      for (boolean first = true; scanner.next(']', first); first = false) {
        scanner.value();
        values.add(value(elements, scanner, text));
      }
      return new GenericArrayData(values.toArray());
    };
  }

  private static JsonReader map(ValueReader keys, JsonReader values) {
    return (kind, text, start, end) -> {
      JsonScanner scanner = enter(Kind.OBJECT, "object", kind, text, start, end);
      Map<Object, Object> map = new LinkedHashMap<>();
      for (boolean first = true; scanner.next('}', first); first = false) {
        scanner.key();
        Object key = read(keys, scanner.kind(), text, scanner.valueStart(), scanner.valueEnd());
        scanner.value();
        map.put(key, value(values, scanner, text));
      }
      return new GenericMapData(map);
    };
  }

  private static Optional<JsonReader> row(RowType type, ReadingRules rules) {
    List<Optional<JsonReader>> readers =
        type.getChildren().stream().map(child -> of(child, rules)).toList();
    if (readers.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    JsonReader[] fields = readers.stream().map(Optional::get).toArray(JsonReader[]::new);
    JsonKeys names = new JsonKeys(type.getFieldNames());
    return Optional.of(
        (kind, text, start, end) -> {
          JsonScanner scanner = enter(Kind.OBJECT, "object", kind, text, start, end);
          GenericRowData row = new GenericRowData(fields.length);
          for (boolean first = true; scanner.next('}', first); first = false) {
            scanner.key();
            int field = names.indexOf(scanner, text, 0);
            scanner.value();
            if (field >= 0) {
              row.setField(field, value(fields[field], scanner, text));
            }
          }
          for (int field = 0; field < fields.length; field++) {
            if (row.isNullAt(field)) {
              fields[field].readNullable(Kind.MISSING, text, start, end);
            }
          }
          return row;
        });
  }

  private static JsonScanner enter(
      Kind wanted, String name, Kind kind, byte[] text, int start, int end) {
    if (kind != wanted) {
      throw InvalidTextException.of(text, start, end, "is not a JSON " + name);
    }
    JsonScanner scanner = new JsonScanner();
    scanner.open(text, start, end);
    scanner.enter();
    return scanner;
  }

  private static Object value(JsonReader reader, JsonScanner scanner, byte[] text) {
    return reader.readNullable(scanner.kind(), text, scanner.valueStart(), scanner.valueEnd());
  }
}

package dev.kafkacloudberry.copy;

import java.util.Map;
import java.util.OptionalInt;
import org.apache.flink.table.data.ArrayData;

/** One-dimensional arrays in the binary format. */
final class BinaryArrays {
  // An array names its elements' type by oid. Only those of built-in types are the same everywhere.
  private static final Map<String, Integer> ELEMENT_OIDS =
      Map.ofEntries(
          Map.entry("bool", 16),
          Map.entry("bytea", 17),
          Map.entry("int8", 20),
          Map.entry("int2", 21),
          Map.entry("int4", 23),
          Map.entry("text", 25),
          Map.entry("json", 114),
          Map.entry("float4", 700),
          Map.entry("float8", 701),
          Map.entry("bpchar", 1042),
          Map.entry("varchar", 1043),
          Map.entry("date", 1082),
          Map.entry("time", 1083),
          Map.entry("timestamp", 1114),
          Map.entry("timestamptz", 1184),
          Map.entry("numeric", 1700),
          Map.entry("uuid", 2950),
          Map.entry("jsonb", 3802));

  private static final int NULL_LENGTH = -1;
  private static final int LOWER_BOUND = 1;

  private BinaryArrays() {}

  /** The oid of a type that arrays in the binary format can hold. */
  static OptionalInt elementOid(String baseType) {
    Integer oid = ELEMENT_OIDS.get(baseType);
    return oid == null ? OptionalInt.empty() : OptionalInt.of(oid);
  }

  static ColumnEncoder of(ColumnEncoder elementEncoder, int elementOid) {
    ArrayElement element = new ArrayElement();
    return (row, index, out) -> {
      ArrayData array = row.getArray(index);
      int size = array.size();
      int start = out.beginField();
      out.putInt(size == 0 ? 0 : 1);
      int hasNull = out.length();
      out.putInt(0);
      out.putInt(elementOid);
      if (size > 0) {
        out.putInt(size);
        out.putInt(LOWER_BOUND);
      }
      for (int i = 0; i < size; i++) {
        if (array.isNullAt(i)) {
          out.setInt(hasNull, 1);
          out.putInt(NULL_LENGTH);
        } else {
          elementEncoder.encode(element.at(array, i), ArrayElement.INDEX, out);
        }
      }
      out.endField(start);
    };
  }
}

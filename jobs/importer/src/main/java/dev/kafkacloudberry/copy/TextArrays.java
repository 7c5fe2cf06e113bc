package dev.kafkacloudberry.copy;

import org.apache.flink.table.data.ArrayData;

/** One-dimensional arrays in the text format: <code>{"1",NULL,"a \"b\""}</code>. */
final class TextArrays {
  private TextArrays() {}

  /** Quotes every element, so that no value can be taken for NULL or for punctuation. */
  static ColumnEncoder of(ColumnEncoder elementEncoder, char delimiter) {
    ArrayElement element = new ArrayElement();
    return (row, index, out) -> {
      ArrayData array = row.getArray(index);
      int size = array.size();
      out.putByte('{');
      for (int i = 0; i < size; i++) {
        if (i > 0) {
          out.putByte(delimiter);
        }
        if (array.isNullAt(i)) {
          out.putAscii("NULL");
        } else {
          int start = out.length();
          elementEncoder.encode(element.at(array, i), ArrayElement.INDEX, out);
          TextEscapes.quoteElement(out, start);
        }
      }
      out.putByte('}');
    };
  }
}

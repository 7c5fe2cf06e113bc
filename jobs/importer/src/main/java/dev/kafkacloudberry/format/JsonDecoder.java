package dev.kafkacloudberry.format;

import dev.kafkacloudberry.format.JsonScanner.Kind;
import dev.kafkacloudberry.row.RoomBehind;
import dev.kafkacloudberry.text.Excerpt;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * Makes a row of a message, which is one JSON object. All of it is scanned first, which finds the
 * last value of each key; then those values are read that a query uses.
 */
final class JsonDecoder implements DeserializationSchema<RowData>, RoomBehind {
  private static final long serialVersionUID = 1L;

  private final boolean strict;
  private final String[] columns;
  private final JsonKeys keys;
  private final JsonReader[] readers;
  private final int[] targets;
  private final int arity;
  private final TypeInformation<RowData> producedType;

  // Where each column's value is in the message at hand.
  private transient JsonScanner scanner;
  private transient Kind[] kinds;
  private transient int[] starts;
  private transient int[] ends;

  /**
   * @param columns the name of each column
   * @param keys the key of each column
   * @param readers the reader of each column
   * @param targets where each column stands in the row, negative if it is not used
   * @param arity of the rows
   */
  JsonDecoder(
      boolean strict,
      String[] columns,
      JsonKeys keys,
      JsonReader[] readers,
      int[] targets,
      int arity,
      TypeInformation<RowData> producedType) {
    this.strict = strict;
    this.columns = columns;
    this.keys = keys;
    this.readers = readers;
    this.targets = targets;
    this.arity = arity;
    this.producedType = producedType;
  }

  @Override
  public void open(InitializationContext context) {
    scanner = new JsonScanner();
    kinds = new Kind[columns.length];
    starts = new int[columns.length];
    ends = new int[columns.length];
  }

  @Override
  public RowData deserialize(byte[] message) throws IOException {
    if (message == null) {
      return null;
    }
    MessageText.check(message);
    Problems problems = scan(message);
    GenericRowData row = new GenericRowData(arity);
    for (int i = 0; i < columns.length; i++) {
      try {
        if (strict && kinds[i] == Kind.MISSING) {
          throw new InvalidTextException("its key is missing");
        }
        if (targets[i] >= 0) {
          row.setField(targets[i], readers[i].readNullable(kinds[i], message, starts[i], ends[i]));
        }
      } catch (InvalidTextException e) {
        problems = problems == null ? new Problems() : problems;
        problems.add("column " + columns[i] + ": " + e.getMessage());
      }
    }
    if (problems != null) {
      throw problems.exception();
    }
    return row;
  }

  /** Returns what is wrong with the keys, or null. */
  private Problems scan(byte[] message) throws MalformedMessageException {
    Problems problems = null;
    Arrays.fill(kinds, Kind.MISSING);
    try {
      scanner.open(message, 0, message.length);
      if (scanner.peek() != '{') {
        throw new InvalidTextException(
            message.length == 0
                ? "the message is empty, not a JSON object"
                : "'%s' is not a JSON object".formatted(Excerpt.of(message, 0, message.length)));
      }
      scanner.enter();
      int column = -1;
      for (boolean first = true; scanner.next('}', first); first = false) {
        scanner.key();
        int keyStart = scanner.valueStart();
        int keyEnd = scanner.valueEnd();
        int found = keys.indexOf(scanner, message, column + 1);
        scanner.value();
        if (found >= 0) {
          column = found;
          kinds[column] = scanner.kind();
          starts[column] = scanner.valueStart();
          ends[column] = scanner.valueEnd();
        } else if (strict) {
          problems = problems == null ? new Problems() : problems;
          problems.add(
              "the key '%s' is no column's".formatted(Excerpt.of(message, keyStart, keyEnd)));
        }
      }
      scanner.finish();
    } catch (InvalidTextException e) {
      throw new MalformedMessageException(e.getMessage());
    }
    return problems;
  }

  @Override
  public JsonDecoder withRoomFor(int fields) {
    return new JsonDecoder(strict, columns, keys, readers, targets, arity + fields, producedType);
  }

  @Override
  public boolean isEndOfStream(RowData nextElement) {
    return false;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return producedType;
  }
}

package dev.kafkacloudberry.format;

import dev.kafkacloudberry.row.RoomBehind;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * Makes a row of a message, which is one line. All of it is looked at, so that a broken message is
 * an error whichever columns a query uses; only the values of those are read.
 */
final class CsvDecoder implements DeserializationSchema<RowData>, RoomBehind {
  private static final long serialVersionUID = 1L;
  private static final String NULL_IN_REQUIRED = "a NULL where the type is NOT NULL";

  private final CsvDialect dialect;
  private final String[] columns;
  private final ValueReader[] readers;
  private final boolean[] required;
  private final int[] targets;
  private final int arity;
  private final TypeInformation<RowData> producedType;

  /** The bytes that may end a field, or begin quotes. */
  private final boolean[] isSpecial = new boolean[1 << Byte.SIZE];

  /** Whether the field that was found last has quotes. */
  private transient boolean isQuoted;

  /**
   * @param columns the name of each field
   * @param readers the reader of each field
   * @param required whether each field is NOT NULL
   * @param targets where each field stands in the row, negative if it is not used
   * @param arity of the rows
   */
  CsvDecoder(
      CsvDialect dialect,
      String[] columns,
      ValueReader[] readers,
      boolean[] required,
      int[] targets,
      int arity,
      TypeInformation<RowData> producedType) {
    this.dialect = dialect;
    this.columns = columns;
    this.readers = readers;
    this.required = required;
    this.targets = targets;
    this.arity = arity;
    this.producedType = producedType;
    isSpecial[dialect.delimiter()] = true;
    isSpecial[dialect.quote()] = true;
    isSpecial['\n'] = true;
    isSpecial['\r'] = true;
  }

  @Override
  public RowData deserialize(byte[] message) throws IOException {
    if (message == null) {
      return null;
    }
    MessageText.check(message);
    GenericRowData row = new GenericRowData(arity);
    Problems problems = null;
    int fields = 0;
    int position = 0;
    do {
      int end = endOfField(message, position);
      if (fields < columns.length && targets[fields] >= 0) {
        try {
          Object value = value(readers[fields], message, position, end);
          if (value == null && required[fields]) {
            throw new InvalidTextException(NULL_IN_REQUIRED);
          }
          row.setField(targets[fields], value);
        } catch (InvalidTextException e) {
          problems = problems == null ? new Problems() : problems;
          problems.add("column " + columns[fields] + ": " + e.getMessage());
        }
      }
      fields++;
      position = end + 1;
    } while (position <= message.length && message[position - 1] == dialect.delimiter());
    for (int missing = fields; missing < columns.length; missing++) {
      if (targets[missing] >= 0 && required[missing]) {
        problems = problems == null ? new Problems() : problems;
        problems.add("column " + columns[missing] + ": " + NULL_IN_REQUIRED);
      }
    }
    if (dialect.strict() && fields != columns.length) {
      problems = problems == null ? new Problems() : problems;
      problems.add("%d fields, but %d columns".formatted(fields, columns.length));
    }
    if (problems != null) {
      throw problems.exception();
    }
    return row;
  }

  /** Where the delimiter is behind the field that begins at {@code start}, or the line ends. */
  private int endOfField(byte[] message, int start) throws MalformedMessageException {
    isQuoted = false;
    int i = start;
    while (true) {
      while (i < message.length && !isSpecial[message[i] & 0xFF]) {
        i++;
      }
      if (i == message.length || message[i] == dialect.delimiter()) {
        return i;
      }
      if (message[i] == dialect.quote()) {
        isQuoted = true;
        i = endOfQuotes(message, i + 1, start);
      } else if (isLastLineBreak(message, i)) {
        return i;
      } else {
        throw new MalformedMessageException(
            "a line break without quotes at byte %d: a message is one line".formatted(i));
      }
    }
  }

  /** Behind the quote that ends what is quoted from {@code start} on. */
  private int endOfQuotes(byte[] message, int start, int startOfField)
      throws MalformedMessageException {
    for (int i = start; i < message.length; i++) {
      byte b = message[i];
      if (b == dialect.escape()
          && i + 1 < message.length
          && (message[i + 1] == dialect.escape() || message[i + 1] == dialect.quote())) {
        i++;
      } else if (b == dialect.quote()) {
        return i + 1;
      }
    }
    throw new MalformedMessageException(
        "a quoted field does not end; it begins at byte %d".formatted(startOfField));
  }

  private static boolean isLastLineBreak(byte[] message, int position) {
    return position == message.length - 1
        || position == message.length - 2
            && message[position] == '\r'
            && message[position + 1] == '\n';
  }

  private Object value(ValueReader reader, byte[] message, int start, int end) {
    if (!isQuoted) {
      return isNull(message, start, end) ? null : reader.read(message, start, end);
    }
    if (message[start] == dialect.quote()
        && message[end - 1] == dialect.quote()
        && end - start >= 2
        && indexOf(dialect.quote(), message, start + 1, end) == end - 1
        && indexOf(dialect.escape(), message, start + 1, end) >= end - 1) {
      return reader.read(message, start + 1, end - 1);
    }
    byte[] text = new byte[end - start];
    return reader.read(text, 0, unquote(message, start, end, text));
  }

  private boolean isNull(byte[] message, int start, int end) {
    byte[] literal = dialect.nullLiteral();
    return end - start == literal.length
        && Arrays.equals(message, start, end, literal, 0, literal.length);
  }

  /** Only a part of a field may be quoted. Returns how long the text is. */
  private int unquote(byte[] message, int start, int end, byte[] text) {
    int length = 0;
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      byte b = message[i];
      if (quoted
          && b == dialect.escape()
          && i + 1 < end
          && (message[i + 1] == dialect.escape() || message[i + 1] == dialect.quote())) {
        text[length++] = message[++i];
      } else if (b == dialect.quote()) {
        quoted = !quoted;
      } else {
        text[length++] = b;
      }
    }
    return length;
  }

  private static int indexOf(byte b, byte[] message, int start, int end) {
    int i = start;
    while (i < end && message[i] != b) {
      i++;
    }
    return i;
  }

  @Override
  public CsvDecoder withRoomFor(int fields) {
    return new CsvDecoder(
        dialect, columns, readers, required, targets, arity + fields, producedType);
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

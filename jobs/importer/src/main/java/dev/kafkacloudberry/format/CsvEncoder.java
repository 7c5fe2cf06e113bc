package dev.kafkacloudberry.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;

/** Makes a message of a row: one line, without a line break at its end. */
final class CsvEncoder implements SerializationSchema<RowData> {
  private static final long serialVersionUID = 1L;

  private final CsvDialect dialect;
  private final RowData.FieldGetter[] fields;
  private final ValueWriter[] writers;

  CsvEncoder(CsvDialect dialect, RowData.FieldGetter[] fields, ValueWriter[] writers) {
    this.dialect = dialect;
    this.fields = fields;
    this.writers = writers;
  }

  @Override
  public byte[] serialize(RowData row) {
    StringBuilder line = new StringBuilder();
    String nullLiteral = new String(dialect.nullLiteral(), UTF_8);
    for (int i = 0; i < fields.length; i++) {
      if (i > 0) {
        line.append((char) dialect.delimiter());
      }
      Object value = fields[i].getFieldOrNull(row);
      if (value == null) {
        line.append(nullLiteral);
      } else {
        append(line, writers[i].text(value), nullLiteral);
      }
    }
    return line.toString().getBytes(UTF_8);
  }

  private void append(StringBuilder line, String text, String nullLiteral) {
    if (!text.equals(nullLiteral) && text.chars().noneMatch(this::asksForQuotes)) {
      line.append(text);
      return;
    }
    char quote = (char) dialect.quote();
    char escape = (char) dialect.escape();
    line.append(quote);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote || c == escape) {
        line.append(escape);
      }
      line.append(c);
    }
    line.append(quote);
  }

  private boolean asksForQuotes(int c) {
    return c == dialect.delimiter() || c == dialect.quote() || c == '\n' || c == '\r';
  }
}

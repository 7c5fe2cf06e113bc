package dev.kafkacloudberry.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Writes the rows of a shape as messages: row n is always the same, and rows differ. */
final class RowWriter {

  private static final LocalDate FIRST_DATE = LocalDate.of(2000, 1, 1);
  private static final int DAYS = 10_000;
  private static final int SECONDS_PER_DAY = 86_400;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  /** Odd and large, so that neighbours look unlike each other. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Shape shape;
  private final MessageFormat format;
  private final StringBuilder text = new StringBuilder();

  RowWriter(Shape shape, MessageFormat format) {
    this.shape = shape;
    this.format = format;
  }

  /** A message without a line break at its end. */
  byte[] row(long number) {
    text.setLength(0);
    for (int i = 0; i < shape.columns().size(); i++) {
      Column column = shape.columns().get(i);
      long value = ((number * shape.columns().size() + i) * SPREAD) >>> 1;
      switch (format) {
        case CSV -> text.append(i == 0 ? "" : ",");
        case JSON -> text.append(i == 0 ? "{\"" : ",\"").append(column.name()).append("\":");
      }
      append(column.type(), i == 0 ? number : value);
    }
    if (format == MessageFormat.JSON) {
      text.append('}');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private void append(Column.Type type, long value) {
    String quote = format == MessageFormat.JSON && type != Column.Type.INT ? "\"" : "";
    text.append(quote);
    switch (type) {
      case INT -> text.append((int) (value & Integer.MAX_VALUE));
      case TEXT -> appendText(value);
      case DATE -> appendDate(value);
      case TIMESTAMP -> {
        appendDate(value);
        appendTime(value);
      }
    }
    text.append(quote);
  }

  private void appendText(long value) {
    int start = text.length();
    long rest = value;
    while (text.length() - start < shape.textLength()) {
      text.append(LETTERS.charAt((int) ((rest & 0xFF) % LETTERS.length())));
      rest = Long.rotateRight(rest, 7) * 31 + 1;
    }
  }

  private void appendDate(long value) {
    text.append(FIRST_DATE.plusDays(value % DAYS));
  }

  private void appendTime(long value) {
    long second = value / DAYS % SECONDS_PER_DAY;
    appendPadded(' ', second / 3600, 2);
    appendPadded(':', second / 60 % 60, 2);
    appendPadded(':', second % 60, 2);
    appendPadded('.', (value >>> 20) % 1_000_000, 6);
  }

  private void appendPadded(char before, long value, int digits) {
    text.append(before);
    String shortest = Long.toString(value);
    text.append("0".repeat(digits - shortest.length())).append(shortest);
  }
}

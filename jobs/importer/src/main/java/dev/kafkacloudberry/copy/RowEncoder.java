package dev.kafkacloudberry.copy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.table.data.RowData;

/**
 * Encodes rows as COPY reads them, each column by the encoder that its pair of types asks for.
 *
 * <p>Not thread-safe.
 */
public final class RowEncoder {
  private static final int BINARY_NULL = -1;
  private static final String TEXT_NULL = "\\N";

  private final CopyFormat format;
  private final List<ColumnPair> columns;
  private final String[] names;
  private final int[] indexes;
  private final ColumnEncoder[] encoders;

  private RowEncoder(CopyFormat format, List<ColumnPair> columns, ColumnEncoder[] encoders) {
    this.format = format;
    this.columns = List.copyOf(columns);
    this.names = columns.stream().map(pair -> pair.target().name()).toArray(String[]::new);
    this.indexes = columns.stream().mapToInt(pair -> pair.source().index()).toArray();
    this.encoders = encoders;
  }

  /**
   * Chooses the format and the encoders.
   *
   * @param columns what is copied into what, in the order of the COPY statement's column list
   * @param requested the format to use; if empty, the binary one where every column goes in it, and
   *     otherwise the text one
   * @throws IncompatibleColumnsException if there are columns that do not go in that format; it
   *     names all of them
   */
  public static RowEncoder of(List<ColumnPair> columns, Optional<CopyFormat> requested) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("There are no columns to copy");
    }
    List<Encodings> encodings = columns.stream().map(ColumnCompatibility::of).toList();
    CopyFormat format = requested.orElseGet(() -> quickestFor(encodings));
    refuseMissing(columns, encodings, format);
    ColumnEncoder[] encoders =
        encodings.stream()
            .map(encoding -> encoding.in(format).orElseThrow())
            .toArray(ColumnEncoder[]::new);
    return new RowEncoder(format, columns, encoders);
  }

  private static CopyFormat quickestFor(List<Encodings> encodings) {
    boolean allBinary = encodings.stream().allMatch(e -> e.binary().isPresent());
    return allBinary ? CopyFormat.BINARY : CopyFormat.TEXT;
  }

  private static void refuseMissing(
      List<ColumnPair> columns, List<Encodings> encodings, CopyFormat format) {
    List<String> complaints = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (encodings.get(i).in(format).isEmpty()) {
        complaints.add("%s: %s".formatted(columns.get(i), encodings.get(i).advice()));
      }
    }
    if (!complaints.isEmpty()) {
      throw new IncompatibleColumnsException(complaints);
    }
  }

  /** The format that {@link #encode} writes. */
  public CopyFormat format() {
    return format;
  }

  /** A row that cannot be encoded, as a JSON object with a value for each column. */
  public String content(RowData row) {
    return RowContent.of(row, columns);
  }

  /**
   * Appends exactly one row, or, on failure, nothing.
   *
   * @throws RowEncodingException if a column cannot hold its value
   */
  public void encode(RowData row, CopyBuffer out) throws RowEncodingException {
    out.beginRow();
    boolean encoded = false;
    try {
      switch (format) {
        case BINARY -> encodeBinary(row, out);
        case TEXT -> encodeText(row, out);
      }
      encoded = true;
    } finally {
      if (!encoded) {
        out.abandonRow();
      }
    }
  }

  private void encodeBinary(RowData row, CopyBuffer out) throws RowEncodingException {
    out.putShort(encoders.length);
    for (int column = 0; column < encoders.length; column++) {
      if (row.isNullAt(indexes[column])) {
        out.putInt(BINARY_NULL);
      } else {
        encodeValue(row, column, out);
      }
    }
  }

  private void encodeText(RowData row, CopyBuffer out) throws RowEncodingException {
    for (int column = 0; column < encoders.length; column++) {
      if (column > 0) {
        out.putByte('\t');
      }
      if (row.isNullAt(indexes[column])) {
        out.putAscii(TEXT_NULL);
      } else {
        encodeValue(row, column, out);
      }
    }
    out.putByte('\n');
  }

  private void encodeValue(RowData row, int column, CopyBuffer out) throws RowEncodingException {
    try {
      encoders[column].encode(row, indexes[column], out);
      out.checkRowSize();
    } catch (InvalidValueException e) {
      throw new RowEncodingException(names[column], e);
    }
  }
}

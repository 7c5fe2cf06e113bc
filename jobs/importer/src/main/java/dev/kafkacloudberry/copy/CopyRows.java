package dev.kafkacloudberry.copy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Cuts what {@link RowEncoder} has written into rows again, without looking at their values. */
public final class CopyRows {

  private static final int END = -1;

  private final CopyFormat format;
  private final DataInputStream in;

  /**
   * @param in rows, without what frames them
   */
  public CopyRows(CopyFormat format, InputStream in) {
    this.format = format;
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
  }

  /**
   * Some rows that follow each other.
   *
   * @param bytes the rows one behind the other
   * @param ends where each of them ends
   */
  public record Chunk(CopyFormat format, byte[] bytes, int[] ends) {

    public int count() {
      return ends.length;
    }

    /** One row. */
    public byte[] row(int index) {
      return Arrays.copyOfRange(bytes, start(index), ends[index]);
    }

    /** Writes rows, without what frames them. */
    public void writeTo(OutputStream out, int from, int to) throws IOException {
      if (from < to) {
        out.write(bytes, start(from), ends[to - 1] - start(from));
      }
    }

    private int start(int index) {
      return index == 0 ? 0 : ends[index - 1];
    }
  }

  /**
   * The next rows: so many, or fewer if they reach the size or the end. None at the end.
   *
   * @throws EOFException if a row is cut short
   */
  public Chunk next(int mostRows, int mostBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    int[] ends = new int[mostRows];
    int count = 0;
    while (count < mostRows && bytes.size() < mostBytes && copyRow(out)) {
      ends[count++] = bytes.size();
    }
    return new Chunk(format, bytes.toByteArray(), Arrays.copyOf(ends, count));
  }

  private boolean copyRow(DataOutputStream out) throws IOException {
    int first = in.read();
    if (first == END) {
      return false;
    }
    out.write(first);
    switch (format) {
      case BINARY -> copyFields(first << Byte.SIZE | copyByte(out), out);
      case TEXT -> copyLine(first, out);
    }
    return true;
  }

  private int copyByte(DataOutputStream out) throws IOException {
    int value = in.readUnsignedByte();
    out.write(value);
    return value;
  }

  private void copyFields(int count, DataOutputStream out) throws IOException {
    for (int field = 0; field < count; field++) {
      int length = in.readInt();
      out.writeInt(length);
      if (length > 0) {
        byte[] value = in.readNBytes(length);
        if (value.length < length) {
          throw new EOFException("A row is cut short");
        }
        out.write(value);
      }
    }
  }

  /** A line break inside of a value is escaped. */
  private void copyLine(int first, DataOutputStream out) throws IOException {
    for (int value = first; value != '\n'; ) {
      value = copyByte(out);
    }
  }
}

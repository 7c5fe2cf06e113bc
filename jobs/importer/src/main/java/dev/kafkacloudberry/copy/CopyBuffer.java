package dev.kafkacloudberry.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The growable buffer that rows are encoded into. Whoever owns it writes {@link #array()} up to
 * {@link #length()} somewhere and then calls {@link #reset()}.
 *
 * <p>Not thread-safe.
 */
public final class CopyBuffer {
  /** One row's limit, in bytes: a little under what the server allocates for a row or a field. */
  static final int MAX_ROW_BYTES = 1_000_000_000;

  private static final int INITIAL_CAPACITY = 64 << 10;
  // One giant row must not hold on to its memory for the rest of the job.
  private static final int MAX_RETAINED_CAPACITY = 16 << 20;
  private static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;
  // Encoders reserve the worst case of a piece, which may be more than they then write.
  private static final int RESERVE_SLACK = 64 << 10;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final int maxRowBytes;
  private byte[] bytes = new byte[INITIAL_CAPACITY];
  private int length;
  private int rowStart;

  public CopyBuffer() {
    this(MAX_ROW_BYTES);
  }

  CopyBuffer(int maxRowBytes) {
    this.maxRowBytes = maxRowBytes;
  }

  /** The bytes, valid up to {@link #length()} and until the next row is encoded. */
  public byte[] array() {
    return bytes;
  }

  /** How many bytes have been encoded since the last {@link #reset()}. */
  public int length() {
    return length;
  }

  /** Empties the buffer. */
  public void reset() {
    if (bytes.length > MAX_RETAINED_CAPACITY) {
      bytes = new byte[INITIAL_CAPACITY];
    }
    length = 0;
    rowStart = 0;
  }

  void beginRow() {
    rowStart = length;
  }

  /**
   * Looks at what was written since {@link #beginRow()}.
   *
   * @throws InvalidValueException if it is larger than the database takes
   */
  void checkRowSize() {
    if (length - rowStart > maxRowBytes) {
      throw tooLarge();
    }
  }

  /** Takes back what was written since {@link #beginRow()}. */
  void abandonRow() {
    length = rowStart;
  }

  /** Makes room for {@code count} more bytes; {@link #array()} may be another one afterwards. */
  void reserve(int count) {
    if (count > bytes.length - length) {
      grow(count);
    }
  }

  /** Moves the end, within what was reserved. */
  void length(int newLength) {
    length = newLength;
  }

  void putByte(int value) {
    reserve(Byte.BYTES);
    bytes[length++] = (byte) value;
  }

  void putShort(int value) {
    reserve(Short.BYTES);
    SHORT.set(bytes, length, (short) value);
    length += Short.BYTES;
  }

  void putInt(int value) {
    reserve(Integer.BYTES);
    INT.set(bytes, length, value);
    length += Integer.BYTES;
  }

  void putLong(long value) {
    reserve(Long.BYTES);
    LONG.set(bytes, length, value);
    length += Long.BYTES;
  }

  void putBytes(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, length, source.length);
    length += source.length;
  }

  /** Appends characters that are all ASCII. */
  void putAscii(CharSequence text) {
    int count = text.length();
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
  }

  /** Overwrites four bytes that were written before. */
  void setInt(int position, int value) {
    INT.set(bytes, position, value);
  }

  /** Begins a binary field whose length is not known yet; the result is for {@link #endField}. */
  int beginField() {
    putInt(0);
    return length;
  }

  void endField(int start) {
    setInt(start - Integer.BYTES, length - start);
  }

  private void grow(int count) {
    if ((long) length - rowStart + count > (long) maxRowBytes + RESERVE_SLACK) {
      throw tooLarge();
    }
    long needed = (long) length + count;
    if (needed > MAX_CAPACITY) {
      throw new IllegalStateException(
          "%d bytes are waiting in the buffer; reset() it after writing them".formatted(length));
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_CAPACITY, Math.max(needed, 2L * bytes.length)));
  }

  private InvalidValueException tooLarge() {
    return new InvalidValueException(
        "the row is larger than %d bytes, the most that the database takes".formatted(maxRowBytes),
        "%d bytes so far".formatted(length - rowStart));
  }
}

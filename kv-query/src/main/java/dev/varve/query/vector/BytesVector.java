// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.vector;

import dev.varve.query.type.SqlType;
import dev.varve.query.type.TypeKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values of TEXT, VARCHAR, CHAR (UTF-8; CHAR without its trailing blanks) and BYTEA: ranges of one
 * byte array. The array is the vector's own, and values are appended to it, or belongs to somebody
 * else ({@link #refer}), who keeps it unchanged while the vector is in use.
 */
public final class BytesVector extends Vector {
  private static final byte[] NO_BYTES = {};

  /** The array that holds all values. */
  public byte[] bytes = NO_BYTES;

  /** Where each value begins. */
  public int[] offsets;

  /** The length of each value in bytes. */
  public int[] lengths;

  private boolean foreign;
  private int used;

  /** A vector with room for {@code capacity} rows. */
  public BytesVector(SqlType type, int capacity) {
    super(type, capacity);
    this.offsets = new int[capacity];
    this.lengths = new int[capacity];
  }

  @Override
  void grow(int capacity) {
    offsets = Arrays.copyOf(offsets, capacity);
    lengths = Arrays.copyOf(lengths, capacity);
  }

  @Override
  public void reset() {
    super.reset();
    if (foreign) {
      bytes = NO_BYTES;
      foreign = false;
    }
    used = 0;
  }

  /** Empties the vector and makes its values ranges of {@code array}. */
  public void refer(byte[] array) {
    super.reset();
    bytes = array;
    foreign = true;
    used = 0;
  }

  /** Sets a value to a range of the array given to {@link #refer}. */
  public void setRange(int row, int offset, int length) {
    nulls[row] = false;
    offsets[row] = offset;
    lengths[row] = length;
  }

  /** Sets a value to a copy of a range of {@code source}. */
  public void set(int row, byte[] source, int offset, int length) {
    int at = append(length);
    System.arraycopy(source, offset, bytes, at, length);
    setRange(row, at, length);
  }

  /** Sets a value to a copy of {@code source}. */
  public void set(int row, byte[] source) {
    set(row, source, 0, source.length);
  }

  /** Sets a value to the UTF-8 bytes of {@code text}. */
  public void set(int row, String text) {
    set(row, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Makes room for {@code length} further bytes at the end of the vector's own array and returns where
   * they begin; the caller writes them into {@link #bytes} and calls {@link #setRange}.
   */
  public int append(int length) {
    if (foreign) {
      own();
    }
    int at = used;
    long needed = (long) at + length;
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw dev.varve.ErrorCode.OUT_OF_MEMORY
            .error("The values of one batch exceed 2 GiB.")
            .fact("column", type())
            .build();
      }
      long grown = Math.max(needed, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 64));
      bytes = Arrays.copyOf(bytes, (int) Math.max(grown, 64));
    }
    used = (int) needed;
    return at;
  }

  /** Gives the last {@code length} appended bytes back. */
  public void trim(int length) {
    used -= length;
  }

  private void own() {
    bytes = bytes.clone();
    used = bytes.length;
    foreign = false;
  }

  @Override
  void copyValue(int row, Vector from, int fromRow) {
    BytesVector source = (BytesVector) from;
    set(row, source.bytes, source.offsets[fromRow], source.lengths[fromRow]);
  }

  @Override
  public int compare(int row, Vector other, int otherRow) {
    BytesVector o = (BytesVector) other;
    int at = offsets[row];
    int otherAt = o.offsets[otherRow];
    return Arrays.compareUnsigned(
        bytes, at, at + lengths[row], o.bytes, otherAt, otherAt + o.lengths[otherRow]);
  }

  @Override
  public boolean equal(int row, Vector other, int otherRow) {
    BytesVector o = (BytesVector) other;
    int length = lengths[row];
    if (length != o.lengths[otherRow]) {
      return false;
    }
    int at = offsets[row];
    int otherAt = o.offsets[otherRow];
    return Arrays.equals(bytes, at, at + length, o.bytes, otherAt, otherAt + length);
  }

  @Override
  public long hash(int row) {
    return Hashes.bytes(bytes, offsets[row], lengths[row]);
  }

  /** A text value. */
  public String text(int row) {
    return new String(bytes, offsets[row], lengths[row], StandardCharsets.UTF_8);
  }

  /** A copy of a value. */
  public byte[] copyOf(int row) {
    return Arrays.copyOfRange(bytes, offsets[row], offsets[row] + lengths[row]);
  }

  @Override
  Object datumValue(int row) {
    return type().kind() == TypeKind.BYTEA ? ByteBuffer.wrap(copyOf(row)) : text(row);
  }

  @Override
  void setDatumValue(int row, Object datum) {
    if (datum instanceof ByteBuffer buffer) {
      int length = buffer.remaining();
      int at = append(length);
      buffer.get(buffer.position(), bytes, at, length);
      setRange(row, at, length);
    } else {
      set(row, (String) datum);
    }
  }

  @Override
  public long sizeBytes() {
    return nulls.length * 9L + (foreign ? 0 : bytes.length);
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm.key;

import dev.varve.core.store.Operations;

/** Walks operations in the layout of {@link Operations}. Reusable; one thread. */
public final class OperationCursor {
  private byte[] data = new byte[0];
  private int at;
  private int end;
  private byte kind;
  private int firstAt;
  private int firstBytes;
  private int secondAt;
  private int secondBytes;

  /** Stands nowhere. */
  public OperationCursor() {}

  /** Goes before the first operation of {@code length} bytes at {@code offset}. */
  public OperationCursor reset(byte[] operations, int offset, int length) {
    data = operations;
    at = offset;
    end = offset + length;
    return this;
  }

  /** Lets go of the array. */
  public void release() {
    data = new byte[0];
    at = 0;
    end = 0;
  }

  /**
   * Moves to the next operation; false at the end.
   *
   * @throws IllegalStateException where the bytes are not operations
   */
  public boolean next() {
    if (at >= end) {
      return false;
    }
    kind = data[at++];
    firstBytes = varint();
    secondBytes = varint();
    firstAt = at;
    if (kind < Operations.PUT
        || kind > Operations.DELETE_RANGE
        || firstBytes < 0
        || secondBytes < 0
        || (long) firstAt + firstBytes + secondBytes > end) {
      throw new IllegalStateException(
          "not an operation: at=" + at + " kind=" + kind + " end=" + end);
    }
    secondAt = firstAt + firstBytes;
    at = secondAt + secondBytes;
    return true;
  }

  private int varint() {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE && at < end; shift += 7) {
      byte b = data[at++];
      value |= (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    return -1;
  }

  /** {@link Operations#PUT}, {@link Operations#DELETE} or {@link Operations#DELETE_RANGE}. */
  public byte kind() {
    return kind;
  }

  /** Where key or lower bound begin in the array. */
  public int firstAt() {
    return firstAt;
  }

  public int firstBytes() {
    return firstBytes;
  }

  /** Where value or upper bound begin in the array. */
  public int secondAt() {
    return secondAt;
  }

  public int secondBytes() {
    return secondBytes;
  }
}

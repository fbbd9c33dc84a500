// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.ErrorCode;
import dev.varve.core.store.Operations;
import dev.varve.core.store.SortedOperations;
import dev.varve.lsm.compaction.TombstoneFragments;
import dev.varve.lsm.iterator.VersionIterator;
import dev.varve.lsm.key.Trailer;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Shows sorted operations as versions with timestamp 0, and puts range deletes aside. Moves forward
 * only, once.
 */
final class SortedWalk extends VersionIterator {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final SortedOperations operations;
  private final TombstoneFragments.Builder ranges;
  private byte[] current = new byte[64];
  private byte[] previous = new byte[64];
  private int previousBytes = -1;
  private byte[] valueArray = new byte[0];

  SortedWalk(SortedOperations operations, TombstoneFragments.Builder ranges) {
    super(EMPTY);
    this.operations = operations;
    this.ranges = ranges;
  }

  /** The current key, from the array's begin. */
  byte[] array() {
    return current;
  }

  @Override
  public void seekToFirst() {
    next();
  }

  @Override
  public void next() {
    while (operations.next()) {
      if (operations.kind() == Operations.DELETE_RANGE) {
        ranges.add(
            copy(operations.keyArray(), operations.keyOffset(), operations.keyBytes()),
            copy(operations.valueArray(), operations.valueOffset(), operations.valueBytes()),
            0,
            null,
            null);
      } else {
        show();
        return;
      }
    }
    valid = false;
  }

  private void show() {
    byte[] swapped = previous;
    previous = current;
    current = swapped;
    previousBytes = valid ? keyBytes : -1;
    int bytes = operations.keyBytes();
    if (current.length < bytes) {
      current = new byte[Math.max(bytes, 2 * current.length)];
    }
    System.arraycopy(operations.keyArray(), operations.keyOffset(), current, 0, bytes);
    if (previousBytes >= 0
        && Arrays.compareUnsigned(previous, 0, previousBytes, current, 0, bytes) >= 0) {
      throw ErrorCode.INVALID_ARGUMENT
          .error("Sorted operations are out of order.")
          .fact("key", Arrays.copyOf(current, bytes))
          .fact("previousKey", Arrays.copyOf(previous, previousBytes))
          .build();
    }
    if (key.capacity() == 0 || key.array() != current) {
      key = ByteBuffer.wrap(current);
    }
    keyBytes = bytes;
    boolean put = operations.kind() == Operations.PUT;
    trailer = Trailer.of(0, put ? Trailer.PUT : Trailer.DELETE);
    if (put && (value.capacity() == 0 || valueArray != operations.valueArray())) {
      valueArray = operations.valueArray();
      value = ByteBuffer.wrap(valueArray);
    }
    valueOffset = put ? operations.valueOffset() : 0;
    valueBytes = put ? operations.valueBytes() : 0;
    valid = true;
  }

  private static byte[] copy(byte[] array, int offset, int bytes) {
    return Arrays.copyOfRange(array, offset, offset + bytes);
  }

  @Override
  public void seekToLast() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seek(byte[] array, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekBefore(byte[] array, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void previous() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    valid = false;
  }
}

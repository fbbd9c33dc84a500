// SPDX-License-Identifier: Apache-2.0
package dev.varve.lsm;

import dev.varve.core.codec.Bytes;
import dev.varve.lsm.iterator.VersionIterator;
import java.nio.ByteBuffer;

/** One version at a time, set by its owner; cannot be moved. Its key is copied, its value is not. */
final class CopiedVersion extends VersionIterator {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private byte[] array = new byte[64];
  private boolean newKey;

  CopiedVersion() {
    super(EMPTY);
  }

  /**
   * Takes over a version; more than 0 if it comes after the one before, or if there was none.
   */
  int set(
      ByteBuffer fromKey,
      int fromOffset,
      int bytes,
      long newTrailer,
      ByteBuffer newValue,
      int newValueOffset,
      int newValueBytes) {
    int order = 1;
    newKey = true;
    if (valid) {
      order = Bytes.compare(fromKey, fromOffset, bytes, array, 0, keyBytes);
      newKey = order != 0;
      if (order == 0) {
        order = Long.compare(trailer, newTrailer);
      }
    }
    if (array.length < bytes) {
      array = new byte[Math.max(bytes, 2 * array.length)];
    }
    fromKey.get(fromOffset, array, 0, bytes);
    if (key.capacity() == 0 || key.array() != array) {
      key = ByteBuffer.wrap(array);
    }
    keyBytes = bytes;
    trailer = newTrailer;
    value = newValue;
    valueOffset = newValueOffset;
    valueBytes = newValueBytes;
    valid = true;
    return order;
  }

  /** The key, from the array's begin. */
  byte[] array() {
    return array;
  }

  /** Whether the key is another than that of the version before. */
  boolean isNewKey() {
    return newKey;
  }

  /** Nothing comes before the next version. */
  void forget() {
    valid = false;
  }

  @Override
  public void seekToFirst() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekToLast() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seek(byte[] key, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void seekBefore(byte[] key, int offset, int bytes, long atTrailer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void next() {
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

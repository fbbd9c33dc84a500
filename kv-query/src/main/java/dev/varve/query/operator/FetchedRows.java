// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.ErrorCode;
import dev.varve.core.store.EntryBatch;
import dev.varve.core.store.Keyspace;
import dev.varve.query.vector.BytesVector;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows fetched one by one by their keys, side by side in one array. Reused; nothing is allocated per
 * row once it has grown. Not thread-safe.
 */
final class FetchedRows {
  private static final int INITIAL_BYTES = 1 << 10;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private ByteBuffer view = ByteBuffer.wrap(bytes);
  private int[] keyOffsets = new int[16];
  private int[] offsets = new int[16];
  private int[] ends = new int[16];
  private int length;
  private int count;

  void clear() {
    length = 0;
    count = 0;
  }

  int count() {
    return count;
  }

  int lengthBytes() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int row) {
    return offsets[row];
  }

  int length(int row) {
    return ends[row] - offsets[row];
  }

  /** Fetches the row of a key; false when there is none. */
  boolean fetch(Keyspace keyspace, byte[] key, int keyOffset, int keyBytes) {
    ensure((long) length + keyBytes);
    System.arraycopy(key, keyOffset, bytes, length, keyBytes);
    int valueAt = length + keyBytes;
    ByteBuffer keyView = ByteBuffer.wrap(bytes, length, keyBytes);
    int size = keyspace.get(keyView, view.limit(bytes.length).position(valueAt));
    if (size < 0) {
      return false;
    }
    if (size > bytes.length - valueAt) {
      ensure((long) valueAt + size);
      keyView = ByteBuffer.wrap(bytes, length, keyBytes);
      keyspace.get(keyView, view.limit(bytes.length).position(valueAt));
    }
    add(valueAt, size);
    return true;
  }

  /** Takes over an entry whose key is a row's key and whose value is the row. */
  void take(EntryBatch entries, int index) {
    int keyBytes = entries.keyBytes(index);
    int size = entries.valueBytes(index);
    ensure((long) length + keyBytes + size);
    System.arraycopy(entries.bytes(), entries.keyOffset(index), bytes, length, keyBytes);
    System.arraycopy(entries.bytes(), entries.valueOffset(index), bytes, length + keyBytes, size);
    add(length + keyBytes, size);
  }

  private void add(int valueAt, int size) {
    if (count == offsets.length) {
      keyOffsets = Arrays.copyOf(keyOffsets, count * 2);
      offsets = Arrays.copyOf(offsets, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
    }
    keyOffsets[count] = length;
    offsets[count] = valueAt;
    length = valueAt + size;
    ends[count++] = length;
  }

  /** Makes {@code into} the keys of the rows. */
  void keys(BytesVector into) {
    into.refer(bytes);
    for (int i = 0; i < count; i++) {
      into.setRange(i, keyOffsets[i], offsets[i] - keyOffsets[i]);
    }
  }

  private void ensure(long needed) {
    if (needed > bytes.length) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw ErrorCode.OUT_OF_MEMORY.error("The rows of one batch exceed 2 GiB.").build();
      }
      int grown = (int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, grown);
      view = ByteBuffer.wrap(bytes);
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import java.nio.ByteBuffer;

/**
 * Entries handed over many at a time: their bytes in one heap array, with offsets. Filled by a
 * {@link BatchCursor}, reused by its reader, so that a scan allocates nothing per entry.
 */
public final class EntryBatch {
  private final int maxEntries;
  private final int maxBytes;
  private final int[] keyOffsets;
  private final int[] valueOffsets;
  private final int[] ends;
  private byte[] bytes;
  private int count;
  private int hiddenBytes;
  private int length;

  /**
   * A batch of up to {@code maxEntries} entries, full once it holds {@code maxBytes}; one larger
   * entry still fits, alone.
   */
  public EntryBatch(int maxEntries, int maxBytes) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
    this.keyOffsets = new int[maxEntries];
    this.valueOffsets = new int[maxEntries];
    this.ends = new int[maxEntries];
    this.bytes = new byte[Math.min(maxBytes, 1 << 14)];
  }

  /** Empties it. */
  public void clear() {
    count = 0;
    length = 0;
    hiddenBytes = 0;
  }

  /** Leaves out the first {@code bytes} of every key until the batch is cleared; all are that long. */
  public void hideKeyPrefix(int bytes) {
    hiddenBytes = bytes;
  }

  /** Whether no more is to be added. */
  public boolean isFull() {
    return count == maxEntries || length >= maxBytes;
  }

  /** Adds an entry from absolute offsets into two buffers. */
  public void add(
      ByteBuffer key,
      int keyOffset,
      int keyBytes,
      ByteBuffer value,
      int valueOffset,
      int valueBytes) {
    ensure((long) length + keyBytes + valueBytes);
    keyOffsets[count] = length;
    key.get(keyOffset, bytes, length, keyBytes);
    length += keyBytes;
    valueOffsets[count] = length;
    value.get(valueOffset, bytes, length, valueBytes);
    length += valueBytes;
    ends[count++] = length;
  }

  /** The number of entries. */
  public int count() {
    return count;
  }

  /** The array that the offsets index; valid until the batch is filled again. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the key of entry {@code index} begins. */
  public int keyOffset(int index) {
    return keyOffsets[index] + hiddenBytes;
  }

  /** The length of the key of entry {@code index}. */
  public int keyBytes(int index) {
    return valueOffsets[index] - keyOffsets[index] - hiddenBytes;
  }

  /** Where the value of entry {@code index} begins. */
  public int valueOffset(int index) {
    return valueOffsets[index];
  }

  /** The length of the value of entry {@code index}. */
  public int valueBytes(int index) {
    return ends[index] - valueOffsets[index];
  }

  private void ensure(long needed) {
    if (needed > bytes.length) {
      long grown = Math.min(Integer.MAX_VALUE - 64, Math.max(needed, bytes.length * 2L));
      bytes = java.util.Arrays.copyOf(bytes, Math.toIntExact(Math.max(grown, needed)));
    }
  }
}

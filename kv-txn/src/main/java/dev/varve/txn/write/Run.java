// SPDX-License-Identifier: Apache-2.0
package dev.varve.txn.write;

import dev.varve.Durability;
import dev.varve.KeyRange;
import dev.varve.core.store.BatchCursor;
import dev.varve.core.store.Operations;
import dev.varve.core.store.VersionedStore;
import org.jspecify.annotations.Nullable;

/** Pending writes that were moved into the store: see {@link SpillFormat}. One thread. */
final class Run {
  private static final int BATCH_BYTES = 1 << 18;

  final int number;
  final DeletedRanges ranges = new DeletedRanges();
  private final VersionedStore store;
  private final byte[] prefix;
  private final Operations batch;
  private byte[] key = new byte[64];
  private byte[] value = new byte[64];

  Run(VersionedStore store, long transaction, int number, Operations batch) {
    this.store = store;
    this.number = number;
    this.prefix = SpillFormat.prefix(transaction, number);
    this.batch = batch;
  }

  /** Removes the keys of a range, and remembers it against what lies below this run. */
  void deleteRange(byte[] from, byte[] to) {
    byte[] low = SpillFormat.key(prefix, from, 0, from.length);
    byte[] high = SpillFormat.key(prefix, to, 0, to.length);
    batch.deleteRange(low, 0, low.length, high, 0, high.length);
    ranges.add(from, to);
    flushIfLarge();
  }

  void add(
      int kind,
      byte[] keys,
      int keyOffset,
      int keyBytes,
      byte[] values,
      int valueOffset,
      int valueBytes) {
    int spilledBytes = prefix.length + keyBytes;
    if (key.length < spilledBytes) {
      key = new byte[2 * spilledBytes];
    }
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    System.arraycopy(keys, keyOffset, key, prefix.length, keyBytes);
    if (value.length < 1 + valueBytes) {
      value = new byte[Math.addExact(1, valueBytes)];
    }
    value[0] = (byte) kind;
    System.arraycopy(values, valueOffset, value, 1, valueBytes);
    batch.put(key, 0, spilledBytes, value, 0, 1 + valueBytes);
    flushIfLarge();
  }

  private void flushIfLarge() {
    if (batch.length() >= BATCH_BYTES) {
      flush();
    }
  }

  /** After this everything added can be read. */
  void flush() {
    if (!batch.isEmpty()) {
      store.commit(batch, Durability.NONE, null);
      batch.clear(2 * BATCH_BYTES);
    }
    if (value.length > BATCH_BYTES) {
      value = new byte[64];
    }
  }

  /** Kind and value of a key, or null. */
  byte @Nullable [] get(byte[] from, int offset, int length) {
    byte[] spilled = SpillFormat.key(prefix, from, offset, length);
    return store.get(spilled, 0, spilled.length, VersionedStore.NEWEST);
  }

  BatchCursor scan(boolean reversed) {
    KeyRange range = KeyRange.prefix(prefix);
    return store.scan(reversed ? range.reversed() : range, VersionedStore.NEWEST);
  }

  byte[] seekKey(byte[] from, int offset, int length) {
    return SpillFormat.key(prefix, from, offset, length);
  }

  /** Removes everything. */
  void drop() {
    KeyRange all = KeyRange.prefix(prefix);
    byte[] from = all.from();
    byte[] to = all.to();
    batch.clear(2 * BATCH_BYTES);
    batch.deleteRange(from, 0, from.length, to, 0, to.length);
    flush();
  }
}

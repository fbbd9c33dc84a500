// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import java.util.List;

/**
 * Rows and a hash table over some of their columns, by chaining. A row with a NULL in a key is kept
 * but not found, unless NULL is a value like any other in that key.
 */
final class JoinTable {
  private static final int NONE = -1;

  private final int[] keys;
  private final boolean[] nullSafe;
  private final RowBuffer rows;
  private final long[] batchHashes = new long[Batch.CAPACITY];
  private long[] hashes = new long[256];
  private int[] heads = {NONE};
  private int[] next = new int[0];
  private boolean hasNullKey;

  JoinTable(List<SqlType> types, int[] keys, boolean[] nullSafe) {
    this.rows = new RowBuffer(types);
    this.keys = keys;
    this.nullSafe = nullSafe;
  }

  RowBuffer rows() {
    return rows;
  }

  /** Whether some row was left out of the table for a NULL in its keys. */
  boolean hasNullKey() {
    return hasNullKey;
  }

  /** Adds the selected rows; they are found after {@link #finish}. */
  void append(Batch batch) {
    int count = batch.count();
    int at = rows.count();
    hash(batch, keys, batchHashes);
    if (hashes.length < at + count) {
      hashes = Arrays.copyOf(hashes, Math.max(at + count, hashes.length * 2));
    }
    System.arraycopy(batchHashes, 0, hashes, at, count);
    rows.append(batch);
  }

  /** The hashes of the key columns of a batch, by position in its selection. */
  static void hash(Batch batch, int[] keys, long[] into) {
    for (int i = 0; i < keys.length; i++) {
      batch.column(keys[i]).hash(batch.selection(), batch.count(), into, i > 0);
    }
    if (keys.length == 0) {
      Arrays.fill(into, 0, batch.count(), 0);
    }
  }

  /** Builds the chains. */
  void finish() {
    int count = rows.count();
    int buckets = Integer.highestOneBit(Math.max(1, count)) << 1;
    if (heads.length != buckets) {
      heads = new int[buckets];
    }
    Arrays.fill(heads, NONE);
    if (next.length < count) {
      next = new int[count];
    }
    boolean[] absent = absent();
    for (int row = count - 1; row >= 0; row--) {
      if (absent.length == 0 || !absent[row]) {
        int bucket = (int) hashes[row] & buckets - 1;
        next[row] = heads[bucket];
        heads[bucket] = row;
      }
    }
  }

  private boolean[] absent() {
    boolean[] absent = {};
    for (int i = 0; i < keys.length; i++) {
      Vector column = rows.column(keys[i]);
      if (column.hasNulls && !nullSafe[i]) {
        absent = absent.length == 0 ? new boolean[rows.count()] : absent;
        for (int row = 0; row < absent.length; row++) {
          absent[row] |= column.nulls[row];
          hasNullKey |= column.nulls[row];
        }
      }
    }
    return absent;
  }

  /** The first row whose key may have that hash, or -1. */
  int first(long hash) {
    int row = heads[(int) hash & heads.length - 1];
    return row < 0 || hashes[row] == hash ? row : following(row, hash);
  }

  /** The next such row after {@code row}, or -1. */
  int following(int row, long hash) {
    int at = next[row];
    while (at >= 0 && hashes[at] != hash) {
      at = next[at];
    }
    return at;
  }

  long sizeBytes() {
    return rows.sizeBytes() + 8L * hashes.length + 4L * next.length + 4L * heads.length;
  }

  /** Empties it; large arrays are let go. */
  void release() {
    rows.release();
    hashes = new long[256];
    heads = new int[] {NONE};
    next = new int[0];
    hasNullKey = false;
  }
}

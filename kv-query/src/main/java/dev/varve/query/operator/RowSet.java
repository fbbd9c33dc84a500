// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.operator;

import dev.varve.query.type.SqlType;
import dev.varve.query.vector.Batch;
import dev.varve.query.vector.Vector;
import java.util.Arrays;
import java.util.List;

/** Distinct rows, numbered from 0 in the order of their coming; NULL equals NULL. Not thread-safe. */
final class RowSet {
  private static final int NONE = -1;

  private final RowBuffer rows;
  private final long[] batchHashes = new long[Batch.CAPACITY];
  private long[] hashes = new long[256];
  private int[] heads = new int[256];
  private int[] next = new int[256];

  RowSet(List<SqlType> types) {
    rows = new RowBuffer(types);
    Arrays.fill(heads, NONE);
  }

  RowBuffer rows() {
    return rows;
  }

  /**
   * Finds or adds each selected row of a batch.
   *
   * @param columns the batch's columns that make up a row
   * @param numbers receives the number of each, by position in the selection
   */
  void add(Batch batch, int[] columns, int[] numbers) {
    JoinTable.hash(batch, columns, batchHashes);
    for (int k = 0; k < batch.count(); k++) {
      numbers[k] = find(batch, columns, batch.row(k), batchHashes[k]);
    }
  }

  private int find(Batch batch, int[] columns, int row, long hash) {
    int bucket = (int) hash & heads.length - 1;
    for (int at = heads[bucket]; at != NONE; at = next[at]) {
      if (hashes[at] == hash && agrees(batch, columns, row, at)) {
        return at;
      }
    }
    int number = rows.count();
    rows.append(batch, columns, row);
    if (number == hashes.length) {
      grow();
      bucket = (int) hash & heads.length - 1;
    }
    hashes[number] = hash;
    next[number] = heads[bucket];
    heads[bucket] = number;
    return number;
  }

  private boolean agrees(Batch batch, int[] columns, int row, int number) {
    for (int i = 0; i < columns.length; i++) {
      Vector theirs = batch.column(columns[i]);
      Vector mine = rows.column(i);
      boolean isNull = theirs.nulls[row];
      if (isNull != mine.nulls[number] || !isNull && !mine.equal(number, theirs, row)) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    int size = hashes.length * 2;
    hashes = Arrays.copyOf(hashes, size);
    next = Arrays.copyOf(next, size);
    heads = new int[size];
    Arrays.fill(heads, NONE);
    for (int i = 0; i < size / 2; i++) {
      int bucket = (int) hashes[i] & size - 1;
      next[i] = heads[bucket];
      heads[bucket] = i;
    }
  }

  long sizeBytes() {
    return rows.sizeBytes() + 16L * hashes.length;
  }

  void clear() {
    rows.release();
    hashes = new long[256];
    heads = new int[256];
    next = new int[256];
    Arrays.fill(heads, NONE);
  }
}

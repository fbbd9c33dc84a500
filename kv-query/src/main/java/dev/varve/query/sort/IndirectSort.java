// SPDX-License-Identifier: Apache-2.0
package dev.varve.query.sort;

import dev.varve.query.vector.Vector;

/**
 * Sorts row numbers by 64-bit prefixes, compared unsigned, and where those are equal by the rows
 * themselves. Stable: a merge sort over two arrays, insertion sort below a few rows.
 */
final class IndirectSort {
  private static final int INSERTION = 12;

  private final RowOrder order;
  private final Vector[] rows;
  private final boolean prefixDecides;
  private long[] prefixes;
  private int[] numbers;

  private IndirectSort(RowOrder order, Vector[] rows, int count) {
    this.order = order;
    this.rows = rows;
    this.prefixes = new long[count];
    this.numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    this.prefixDecides = order.prefixes(rows, count, prefixes) && order.size() <= 1;
  }

  /** The numbers of the first {@code count} rows in order. */
  static int[] sorted(RowOrder order, Vector[] rows, int count) {
    IndirectSort sort = new IndirectSort(order, rows, count);
    long[] prefixes = sort.prefixes.clone();
    int[] numbers = sort.numbers.clone();
    sort.sort(sort.prefixes, sort.numbers, prefixes, numbers, 0, count);
    return sort.numbers;
  }

  private boolean isAfter(long left, int leftRow, long right, int rightRow) {
    if (left != right) {
      return Long.compareUnsigned(left, right) > 0;
    }
    return !prefixDecides && order.compare(rows, leftRow, rows, rightRow) > 0;
  }

  /** Sorts {@code [from, to)} into {@code keys} and {@code ids}; the others hold the same at first. */
  private void sort(long[] keys, int[] ids, long[] otherKeys, int[] otherIds, int from, int to) {
    if (to - from <= INSERTION) {
      insertion(keys, ids, from, to);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(otherKeys, otherIds, keys, ids, from, middle);
    sort(otherKeys, otherIds, keys, ids, middle, to);
    merge(otherKeys, otherIds, keys, ids, from, middle, to);
  }

  private void insertion(long[] keys, int[] ids, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long key = keys[i];
      int id = ids[i];
      int at = i - 1;
      while (at >= from && isAfter(keys[at], ids[at], key, id)) {
        keys[at + 1] = keys[at];
        ids[at + 1] = ids[at];
        at--;
      }
      keys[at + 1] = key;
      ids[at + 1] = id;
    }
  }

  private void merge(
      long[] keys, int[] ids, long[] intoKeys, int[] intoIds, int from, int middle, int to) {
    if (!isAfter(keys[middle - 1], ids[middle - 1], keys[middle], ids[middle])) {
      System.arraycopy(keys, from, intoKeys, from, to - from);
      System.arraycopy(ids, from, intoIds, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int at = from; at < to; at++) {
      boolean takeRight =
          left == middle || right < to && isAfter(keys[left], ids[left], keys[right], ids[right]);
      int source = takeRight ? right++ : left++;
      intoKeys[at] = keys[source];
      intoIds[at] = ids[source];
    }
  }
}

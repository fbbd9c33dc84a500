// SPDX-License-Identifier: Apache-2.0
package dev.varve.core.store;

import dev.varve.KeyRange;

/** The keys from one, inclusive, to another, exclusive; both may be of different keyspaces. */
record RowRange(RowKey from, RowKey to) {
  private static final byte[] LEAST = {};

  static RowRange of(int keyspace, KeyRange range) {
    byte[] from = range.from();
    byte[] to = range.to();
    return new RowRange(
        new RowKey(keyspace, from == null ? LEAST : from),
        to == null ? new RowKey(keyspace + 1, LEAST) : new RowKey(keyspace, to));
  }

  static RowRange of(RowKey row) {
    return new RowRange(row, row.successor());
  }

  boolean isEmpty() {
    return from.compareTo(to) >= 0;
  }

  boolean overlaps(RowRange that) {
    return from.compareTo(that.to) < 0 && that.from.compareTo(to) < 0;
  }
}
